#include "portal/attempt_limit.hpp"

#include <gmock/gmock.h>

namespace rota::portal {
namespace {

using namespace std::chrono_literals;

class AttemptLimitTest : public ::testing::Test {
 protected:
  void fail(int times, const std::string& address = "10.0.0.1") {
    for (int i = 0; i < times; ++i) limit.failed(address, now);
  }

  AttemptLimit limit{{.free = 3, .first_pause = 100ms, .longest_pause = 1s, .memory = 60s, .addresses = 3}};
  Nanoseconds now = 1h;
};

TEST_F(AttemptLimitTest, LetsAFewFailuresPass) {
  fail(3);
  EXPECT_EQ(limit.pause_of("10.0.0.1", now), 0ms);
}

TEST_F(AttemptLimitTest, DoublesThePauseWithEachFurtherFailureUpToABound) {
  fail(3);
  for (const auto pause : {100ms, 200ms, 400ms, 800ms, 1000ms, 1000ms}) {
    fail(1);
    EXPECT_EQ(limit.pause_of("10.0.0.1", now), pause);
    now += pause;
    EXPECT_EQ(limit.pause_of("10.0.0.1", now), 0ms);
  }
}

TEST_F(AttemptLimitTest, DoesNotOverflowAfterAMillionFailures) {
  fail(1'000'000);
  EXPECT_EQ(limit.pause_of("10.0.0.1", now), 1000ms);
}

TEST_F(AttemptLimitTest, PausesNobodyElse) {
  fail(10);
  EXPECT_EQ(limit.pause_of("10.0.0.2", now), 0ms);
}

TEST_F(AttemptLimitTest, ForgetsAnAddressThatHasBeenQuiet) {
  fail(10);
  now += 60s;
  fail(1);
  EXPECT_EQ(limit.pause_of("10.0.0.1", now), 0ms);
}

TEST_F(AttemptLimitTest, RemembersNoMoreAddressesThanItsBoundAndForgetsTheMostHarmlessFirst) {
  fail(10, "10.0.0.1");
  for (int i = 2; i < 100; ++i) fail(1, "10.0.0." + std::to_string(i));
  EXPECT_EQ(limit.size(), 3u);
  EXPECT_GT(limit.pause_of("10.0.0.1", now), 0ms);
}

TEST_F(AttemptLimitTest, TakesTheAddressesOfOneIpv6NetForOne) {
  fail(10, "2001:db8:1:2::1");
  EXPECT_GT(limit.pause_of("2001:db8:1:2:ffff::9", now), 0ms);
  EXPECT_EQ(limit.pause_of("2001:db8:1:3::1", now), 0ms);
}

TEST(AddressGroup, OfAnIpv4AddressIsItselfAlsoWhereItIsMapped) {
  EXPECT_EQ(address_group("10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(address_group("::ffff:10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(address_group("2001:db8:1:2:3::4"), "2001:db8:1:2::/64");
}

}  // namespace
}  // namespace rota::portal
