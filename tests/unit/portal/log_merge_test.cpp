#include "portal/log_merge.hpp"

#include <gmock/gmock.h>

namespace rota::portal {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

protocol::Event line(std::chrono::seconds time, const std::string& name) {
  return {UtcTime(time), {}, "", "", name, {}};
}

std::vector<std::string> names(const LogMerge::Lines& lines) {
  std::vector<std::string> names;
  for (const auto& line : lines) names.push_back(line.name);
  return names;
}

TEST(LogMerge, PutsTheLinesOfAllSourcesInOrderOfTime) {
  LogMerge merge(2, false);
  merge.add(0, line(1s, "a"), {});
  merge.add(0, line(4s, "d"), {});
  merge.add(1, line(2s, "b"), {});
  merge.add(1, line(3s, "c"), {});
  merge.end(0);
  merge.end(1);
  EXPECT_THAT(names(merge.take({})), ElementsAre("a", "b", "c", "d"));
  EXPECT_TRUE(merge.done());
}

TEST(LogMerge, WaitsForASourceThatMayStillHaveAnEarlierLine) {
  LogMerge merge(2, false);
  merge.add(0, line(5s, "late"), {});
  EXPECT_TRUE(merge.take({UtcTime(), 1h}).empty());
  merge.add(1, line(1s, "early"), {});
  EXPECT_THAT(names(merge.take({})), ElementsAre("early"));
  merge.end(1);
  EXPECT_THAT(names(merge.take({})), ElementsAre("late"));
  EXPECT_FALSE(merge.done());
}

TEST(LogMerge, HoldsAFollowedLineOnlyForAWhile) {
  LogMerge merge(2, true, {.hold = 300ms});
  merge.add(0, line(5s, "now"), {UtcTime(), 10s});
  EXPECT_TRUE(merge.take({UtcTime(), 10s + 299ms}).empty());
  EXPECT_THAT(names(merge.take({UtcTime(), 10s + 300ms})), ElementsAre("now"));
}

TEST(LogMerge, HoldsNoMoreLinesThanItsBound) {
  LogMerge merge(2, false, {.max_held = 2});
  for (int i = 1; i <= 3; ++i) merge.add(0, line(std::chrono::seconds(i), std::to_string(i)), {});
  EXPECT_THAT(names(merge.take({})), ElementsAre("1"));
}

}  // namespace
}  // namespace rota::portal
