#include "portal/scheduler.hpp"

#include <gmock/gmock.h>

#include <array>

namespace rota::portal {
namespace {

using protocol::Schedule;
using ::testing::ElementsAre;

std::vector<std::size_t> picks(Scheduler& scheduler, Schedule schedule, std::span<const NodeLoad> nodes,
                               int count) {
  std::vector<std::size_t> picked;
  for (int i = 0; i < count; ++i) picked.push_back(scheduler.pick(schedule, nodes).value());
  return picked;
}

TEST(Scheduler, RoundRobinGoesThroughTheNodesInOrder) {
  Scheduler scheduler(1);
  const std::array<NodeLoad, 3> nodes{{{.up = true}, {.up = true}, {.up = true}}};
  EXPECT_THAT(picks(scheduler, Schedule::round_robin, nodes, 7), ElementsAre(0, 1, 2, 0, 1, 2, 0));
}

TEST(Scheduler, RoundRobinSkipsANodeThatIsDownAndTakesItBackInItsPlace) {
  Scheduler scheduler(1);
  std::array<NodeLoad, 3> nodes{{{.up = true}, {.up = false}, {.up = true}}};
  EXPECT_THAT(picks(scheduler, Schedule::round_robin, nodes, 3), ElementsAre(0, 2, 0));
  nodes[1].up = true;
  EXPECT_THAT(picks(scheduler, Schedule::round_robin, nodes, 3), ElementsAre(1, 2, 0));
}

TEST(Scheduler, RoundRobinTakesNoNoticeOfOtherSchedules) {
  Scheduler scheduler(1);
  const std::array<NodeLoad, 3> nodes{{{.up = true}, {.up = true}, {.up = true}}};
  picks(scheduler, Schedule::round_robin, nodes, 1);
  picks(scheduler, Schedule::random, nodes, 5);
  picks(scheduler, Schedule::least_loaded, nodes, 5);
  EXPECT_EQ(scheduler.pick(Schedule::round_robin, nodes), 1u);
}

TEST(Scheduler, RandomIsTheSameForTheSameSeed) {
  Scheduler one(42), same(42), other(43);
  const std::array<NodeLoad, 4> nodes{{{.up = true}, {.up = true}, {.up = true}, {.up = true}}};
  const auto expected = picks(one, Schedule::random, nodes, 50);
  EXPECT_EQ(picks(same, Schedule::random, nodes, 50), expected);
  EXPECT_NE(picks(other, Schedule::random, nodes, 50), expected);
}

TEST(Scheduler, RandomIsUniformOverTheNodesThatAreUp) {
  Scheduler scheduler(7);
  const std::array<NodeLoad, 4> nodes{{{.up = true}, {.up = false}, {.up = true}, {.up = true}}};
  std::array<double, 4> counts{};
  for (std::size_t node : picks(scheduler, Schedule::random, nodes, 3000)) ++counts[node];
  EXPECT_EQ(counts[1], 0);
  double chi_square = 0;
  for (std::size_t node : {0, 2, 3}) chi_square += (counts[node] - 1000) * (counts[node] - 1000) / 1000;
  EXPECT_LT(chi_square, 13.816);  // p = 0.001 at two degrees of freedom
}

TEST(Scheduler, LeastLoadedComparesJobsForEachSlot) {
  Scheduler scheduler(1);
  const std::array<NodeLoad, 3> nodes{{{.up = true, .slots = 2, .jobs = 2},
                                       {.up = true, .slots = 8, .jobs = 5},
                                       {.up = false, .slots = 8, .jobs = 0}}};
  EXPECT_EQ(scheduler.pick(Schedule::least_loaded, nodes), 1u);
}

TEST(Scheduler, LeastLoadedTakesEqualNodesInTurn) {
  Scheduler scheduler(1);
  const std::array<NodeLoad, 3> nodes{{{.up = true}, {.up = true}, {.up = true}}};
  EXPECT_THAT(picks(scheduler, Schedule::least_loaded, nodes, 4), ElementsAre(0, 1, 2, 0));
}

TEST(Scheduler, PicksNothingWhenNoNodeIsUp) {
  Scheduler scheduler(1);
  const std::array<NodeLoad, 2> nodes{};
  for (auto schedule : {Schedule::random, Schedule::round_robin, Schedule::least_loaded}) {
    EXPECT_EQ(scheduler.pick(schedule, nodes), std::nullopt);
    EXPECT_EQ(scheduler.pick(schedule, {}), std::nullopt);
  }
}

}  // namespace
}  // namespace rota::portal
