#include "portal/pace.hpp"

#include <gtest/gtest.h>

namespace rota::portal {
namespace {

using namespace std::chrono_literals;

Instant at(std::chrono::milliseconds time) {
  return {UtcTime(time), time};
}

TEST(Pace, KnowsNothingBeforeAJobHasBegun) {
  EXPECT_EQ(Pace().time_for(1000), 0ms);
}

TEST(Pace, ASteadyRateGivesASteadyEstimate) {
  Pace pace;
  for (int i = 1; i <= 1000; ++i) pace.began(1, at(i * 100ms));  // ten a second
  EXPECT_NEAR(static_cast<double>(pace.time_for(100).count()), 10'000, 500);
}

TEST(Pace, ForgetsAnOldRate) {
  Pace pace;
  for (int i = 1; i <= 1000; ++i) pace.began(100, at(i * 100ms));
  const auto before = pace.time_for(100);
  for (int i = 1; i <= 100; ++i) pace.began(1, at(100s + i * 1s));  // one a second
  EXPECT_GT(pace.time_for(100), before * 100);
}

TEST(Pace, AnEstimateHasABound) {
  Pace pace;
  pace.began(1, at(1s));
  EXPECT_EQ(pace.time_for(1'000'000'000), 1h);
}

}  // namespace
}  // namespace rota::portal
