#include "portal/fair_queue.hpp"

#include <gmock/gmock.h>

namespace rota::portal {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class FairQueueTest : public ::testing::Test {
 protected:
  void push(const std::string& job, const std::string& user, const std::string& lane = "c",
            std::uint32_t priority = 5) {
    const FairQueue::Item item{job, user, lane, priority, ++order_};
    items_.emplace(job, item);
    queue_.push(item);
  }
  void erase(const std::string& job) { queue_.erase(items_.at(job)); }

  // What would be begun now, with this much room; each job goes on.
  std::vector<std::string> begin(std::size_t count, const FairQueue::CanServe& can_serve) {
    std::vector<std::string> begun;
    while (begun.size() < count) {
      const auto job = queue_.next(can_serve);
      if (!job) break;
      erase(*job);
      queue_.began(items_.at(*job).user);
      begun.push_back(*job);
    }
    return begun;
  }
  std::vector<std::string> begin(std::size_t count) {
    return begin(count, [](const std::string&) { return true; });
  }
  void end(const std::string& job) { queue_.ended(items_.at(job).user); }
  // Only these lanes' nodes have room.
  FairQueue::CanServe lanes(std::set<std::string> served) {
    return [this, served = std::move(served)](const std::string& job) {
      ++looks_;
      return served.contains(items_.at(job).lane);
    };
  }

  FairQueue queue_;
  std::map<std::string, FairQueue::Item> items_;
  std::uint64_t order_ = 0;
  int looks_ = 0;
};

TEST_F(FairQueueTest, OneUsersJobsGoInOrderOfArrival) {
  for (const auto* job : {"a1", "a2", "a3"}) push(job, "anna");
  EXPECT_THAT(begin(9), ElementsAre("a1", "a2", "a3"));
  EXPECT_EQ(queue_.size(), 0u);
}

TEST_F(FairQueueTest, WithinAUserTheHighestPriorityGoesFirst) {
  push("low", "anna", "c", 1);
  push("usual", "anna");
  push("high", "anna", "c", 9);
  push("also-high", "anna", "c", 9);
  EXPECT_THAT(begin(9), ElementsAre("high", "also-high", "usual", "low"));
}

TEST_F(FairQueueTest, PriorityHoldsAcrossLanesOfAUser) {
  push("c", "anna", "c", 5);
  push("java", "anna", "java", 9);
  push("ada", "anna", "ada", 1);
  EXPECT_THAT(begin(9), ElementsAre("java", "c", "ada"));
}

TEST_F(FairQueueTest, APriorityDoesNotReachBeyondItsUser) {
  push("a1", "anna", "c", 9);
  push("a2", "anna", "c", 9);
  push("b1", "bert", "c", 0);
  EXPECT_THAT(begin(2), ElementsAre("a1", "b1"));
}

TEST_F(FairQueueTest, WhoHasFewerRunningJobsGoesFirst) {
  for (const auto* job : {"a1", "a2", "a3", "a4"}) push(job, "anna");
  EXPECT_THAT(begin(2), ElementsAre("a1", "a2"));
  push("b1", "bert");
  push("b2", "bert");
  push("b3", "bert");
  EXPECT_THAT(begin(2), ElementsAre("b1", "b2"));
  end("b1");
  EXPECT_THAT(begin(1), ElementsAre("b3"));
}

TEST_F(FairQueueTest, EqualUsersTakeTurns) {
  for (const auto* job : {"a1", "a2", "a3"}) push(job, "anna");
  for (const auto* job : {"b1", "b2", "b3"}) push(job, "bert");
  for (const auto* job : {"c1", "c2", "c3"}) push(job, "carl");
  EXPECT_THAT(begin(9), ElementsAre("a1", "b1", "c1", "a2", "b2", "c2", "a3", "b3", "c3"));
}

TEST_F(FairQueueTest, OfEqualUsersTheOneServedLongestAgoGoesFirst) {
  for (const auto* job : {"a1", "a2", "a3"}) push(job, "anna");
  for (const auto* job : {"b1", "b2", "b3"}) push(job, "bert");
  EXPECT_THAT(begin(2), ElementsAre("a1", "b1"));
  end("b1");
  end("a1");
  EXPECT_THAT(begin(1), ElementsAre("a2")) << "nobody has any running, and anna waits longer";
}

TEST_F(FairQueueTest, AHugeBacklogOfOneUserHoldsNobodyUp) {
  for (int i = 0; i < 1000; ++i) push("a" + std::to_string(i), "anna");
  begin(10);
  push("b", "bert");
  EXPECT_THAT(begin(1), ElementsAre("b"));
}

TEST_F(FairQueueTest, ALaneThatCannotBeServedDoesNotHoldUpOthers) {
  for (const auto* job : {"j1", "j2", "j3"}) push(job, "anna", "java", 9);
  push("c1", "anna", "c");
  push("b1", "bert", "c");
  EXPECT_THAT(begin(9, lanes({"c"})), ElementsAre("c1", "b1"));
  EXPECT_THAT(begin(9, lanes({"java"})), ElementsAre("j1", "j2", "j3"));
}

TEST_F(FairQueueTest, ALaneThatCannotBeServedCostsOneLook) {
  for (int i = 0; i < 1000; ++i) push("j" + std::to_string(i), "anna", "java");
  EXPECT_THAT(begin(9, lanes({})), IsEmpty());
  EXPECT_EQ(looks_, 1);
}

TEST_F(FairQueueTest, NextTakesNothingAway) {
  push("a1", "anna");
  const auto anything = [](const std::string&) { return true; };
  EXPECT_EQ(queue_.next(anything), "a1");
  EXPECT_EQ(queue_.next(anything), "a1");
  EXPECT_EQ(queue_.size(), 1u);
}

TEST_F(FairQueueTest, AJobThatComesBackKeepsItsPlace) {
  for (const auto* job : {"a1", "a2", "a3"}) push(job, "anna");
  EXPECT_THAT(begin(1), ElementsAre("a1"));
  end("a1");
  queue_.push(items_.at("a1"));
  EXPECT_THAT(begin(9), ElementsAre("a1", "a2", "a3"));
}

TEST_F(FairQueueTest, CountsWhatEachUserHas) {
  push("a1", "anna");
  push("a2", "anna", "java");
  push("b1", "bert");
  EXPECT_EQ(queue_.size_of("anna"), 2u);
  EXPECT_EQ(queue_.size_of("bert"), 1u);
  EXPECT_EQ(queue_.size_of("carl"), 0u);
  erase("a2");
  EXPECT_EQ(queue_.size_of("anna"), 1u);
  EXPECT_EQ(queue_.size(), 2u);
}

TEST_F(FairQueueTest, AheadAreOnesOwnJobsAndAsManyAndOneOfEachOther) {
  EXPECT_EQ(queue_.ahead_of("anna"), 0u);
  for (int i = 0; i < 10; ++i) push("b" + std::to_string(i), "bert");
  push("c0", "carl");
  EXPECT_EQ(queue_.ahead_of("anna"), 2u) << "one of bert's, carl's";
  push("a0", "anna");
  push("a1", "anna");
  EXPECT_EQ(queue_.ahead_of("anna"), 2u + 3u + 1u);
  EXPECT_EQ(queue_.ahead_of("bert"), 10u + 2u + 1u);
}

TEST_F(FairQueueTest, WithVeryManyUsersAllAreAhead) {
  for (std::size_t i = 0; i <= FairQueue::kMaxUsersCounted; ++i) {
    push(std::to_string(i) + "x", std::to_string(i));
    push(std::to_string(i) + "y", std::to_string(i));
  }
  EXPECT_EQ(queue_.ahead_of("anna"), queue_.size());
}

}  // namespace
}  // namespace rota::portal
