#include "client/patience.hpp"

#include <gtest/gtest.h>

namespace rota::client {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Request = Patience::Request;

class PatienceTest : public testing::Test {
 protected:
  Patience patience(PatienceRules rules = {}, Request first = Request::submit) {
    return Patience(rules, first, [this] { return random_; });
  }

  Patience::Time at(milliseconds since_start) const { return Patience::Time(since_start); }

  // Fails every time after the pause that was asked for; how long it takes until it gives up.
  static milliseconds time_until_it_gives_up(Patience& patience) {
    milliseconds passed(0);
    for (int i = 0; i < 10'000; ++i) {
      const auto pause = patience.lost(Patience::Time(passed));
      if (!pause) return passed;
      passed += *pause;
    }
    return milliseconds::max();
  }

  double random_ = 1;
};

TEST_F(PatienceTest, SubmitsUntilAcceptedAndWaitsFromThenOn) {
  auto job = patience();
  job.lost(at(milliseconds(0)));
  EXPECT_EQ(job.request(), Request::submit);
  job.accepted();
  job.lost(at(milliseconds(1)));
  EXPECT_EQ(job.request(), Request::wait);
}

TEST_F(PatienceTest, CancelsWhatIsNotWantedAnyMoreAcceptedOrNot) {
  auto job = patience();
  job.cancel();
  EXPECT_EQ(job.request(), Request::cancel);
  job.accepted();
  EXPECT_EQ(job.request(), Request::cancel);
}

TEST_F(PatienceTest, MakesPausesThatGrowUpToABound) {
  auto job = patience({}, Request::wait);
  EXPECT_EQ(job.lost(at(seconds(0))), Patience::kFirstPause);
  EXPECT_EQ(job.lost(at(seconds(1))), 2 * Patience::kFirstPause);
  EXPECT_EQ(job.lost(at(seconds(2))), 4 * Patience::kFirstPause);
  for (int i = 0; i < 100; ++i) job.lost(at(seconds(3)));
  EXPECT_EQ(job.lost(at(seconds(4))), Patience::kLongestPause);
}

TEST_F(PatienceTest, DrawsThePauseFromItsWholeLength) {
  auto job = patience({}, Request::wait);
  random_ = 0;
  EXPECT_EQ(job.lost(at(seconds(0))), milliseconds(0));
  random_ = 0.5;
  EXPECT_EQ(job.lost(at(seconds(0))), Patience::kFirstPause);
}

TEST_F(PatienceTest, GivesUpAfterItsBoundWhereNoPortalHasAcceptedTheJob) {
  auto job = patience({.unreachable_bound = milliseconds(5000)});
  EXPECT_EQ(time_until_it_gives_up(job), milliseconds(5000));
}

TEST_F(PatienceTest, NeverGivesUpAnAcceptedJobByItself) {
  auto job = patience();
  job.accepted();
  EXPECT_EQ(time_until_it_gives_up(job), milliseconds::max());
}

TEST_F(PatienceTest, GivesUpAnAcceptedJobWhereItIsToldABound) {
  auto job = patience({.bound = milliseconds(700)});
  job.accepted();
  EXPECT_EQ(time_until_it_gives_up(job), milliseconds(700));
}

TEST_F(PatienceTest, GivesUpAtOnceWhereThereIsToBeNoSecondTry) {
  auto job = patience({.bound = milliseconds(0)});
  EXPECT_EQ(job.lost(at(seconds(0))), std::nullopt);
}

TEST_F(PatienceTest, CountsFromTheBeginningAgainWhereAConnectionHasStoodForLong) {
  auto job = patience({.bound = milliseconds(700)}, Request::wait);
  ASSERT_TRUE(job.lost(at(seconds(0))));
  job.connected(at(seconds(1)));
  EXPECT_EQ(job.lost(at(seconds(1) + Patience::kSettled)), Patience::kFirstPause);
}

TEST_F(PatienceTest, DoesNotTakeAConnectionThatIsLostAtOnceForAnEndOfTheTrouble) {
  auto job = patience({.bound = milliseconds(700)}, Request::wait);
  ASSERT_TRUE(job.lost(at(seconds(0))));
  job.connected(at(seconds(1)));
  EXPECT_EQ(job.lost(at(seconds(1))), std::nullopt);
}

TEST_F(PatienceTest, TriesEachPortalOnceBeforeItPauses) {
  auto job = patience({.portals = 3}, Request::wait);
  EXPECT_EQ(job.portal(), 0u);
  EXPECT_EQ(job.lost(at(seconds(0))), milliseconds(0));
  EXPECT_EQ(job.portal(), 1u);
  EXPECT_EQ(job.lost(at(seconds(0))), milliseconds(0));
  EXPECT_EQ(job.portal(), 2u);
  EXPECT_EQ(job.lost(at(seconds(0))), Patience::kFirstPause);
  EXPECT_EQ(job.portal(), 0u);
}

TEST_F(PatienceTest, TriesEachPortalEvenWhereTheFirstTakesAllTheTime) {
  auto job = patience({.portals = 2, .bound = milliseconds(0)});
  EXPECT_EQ(job.lost(at(seconds(60))), milliseconds(0));
  EXPECT_EQ(job.lost(at(seconds(120))), std::nullopt);
}

TEST_F(PatienceTest, WaitsForAFullPortalAsLongAsItIsToldGiveOrTakeHalf) {
  auto job = patience();
  random_ = 0;
  EXPECT_EQ(job.busy(milliseconds(2000), at(seconds(0))), milliseconds(1000));
  random_ = 1;
  auto other = patience();
  EXPECT_EQ(other.busy(milliseconds(2000), at(seconds(0))), milliseconds(3000));
}

TEST_F(PatienceTest, WaitsForAFullPortalLongerEachTimeUpToABound) {
  auto job = patience();
  const auto first = job.busy(milliseconds(2000), at(seconds(0)));
  EXPECT_GT(job.busy(milliseconds(2000), at(seconds(0))), first);
  for (int i = 0; i < 100; ++i) job.busy(milliseconds(2000), at(seconds(0)));
  EXPECT_EQ(job.busy(milliseconds(2000), at(seconds(0))), milliseconds(1000) + Patience::kLongestBusyPause);
}

TEST_F(PatienceTest, HasATimeOfItsOwnForAPortalThatIsFullAndDoesNotSayForHowLong) {
  auto job = patience();
  random_ = 0;
  EXPECT_EQ(job.busy(milliseconds(0), at(seconds(0))), Patience::kDefaultRetryAfter / 2);
}

TEST_F(PatienceTest, DoesNotGiveAFullPortalUpByItself) {
  auto job = patience();
  ASSERT_TRUE(job.lost(at(seconds(0))));
  EXPECT_TRUE(job.busy(milliseconds(100), at(seconds(1000))));
  EXPECT_TRUE(job.lost(at(seconds(1001)))) << "it was reached in between";
}

TEST_F(PatienceTest, GivesAFullPortalUpWhereItIsToldABound) {
  auto job = patience({.bound = milliseconds(700)});
  EXPECT_EQ(job.busy(milliseconds(5000), at(seconds(0))), milliseconds(700))
      << "the last try is at the bound";
  EXPECT_EQ(job.busy(milliseconds(5000), at(milliseconds(700))), std::nullopt);
}

}  // namespace
}  // namespace rota::client
