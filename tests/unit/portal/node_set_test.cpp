#include "portal/node_set.hpp"

#include <gmock/gmock.h>

namespace rota::portal {
namespace {

using protocol::Schedule;
using testing::ElementsAre;

JobInfo wish(Schedule schedule, const std::string& need = "", std::vector<std::string> labels = {}) {
  return {.need = need, .labels = std::move(labels), .schedule = schedule, .bytes = 1};
}

class NodeSetTest : public ::testing::Test {
 protected:
  NodeIndex open(NodeKind kind = {}, std::uint32_t slots = 4) {
    const NodeIndex node = set_.add();
    set_.open(node, std::move(kind), slots);
    return node;
  }
  // Of so many jobs; each is over before the next comes.
  std::vector<NodeIndex> one_by_one(const JobInfo& job, int count) {
    std::vector<NodeIndex> nodes;
    for (int i = 0; i < count; ++i) {
      nodes.push_back(set_.take(job, {}).value());
      set_.release(nodes.back(), job.bytes);
    }
    return nodes;
  }
  std::vector<NodeIndex> all_at_once(const JobInfo& job) {
    std::vector<NodeIndex> nodes;
    while (const auto node = set_.take(job, {})) nodes.push_back(*node);
    return nodes;
  }

  NodeSet set_{20261123};
};

TEST_F(NodeSetTest, RandomIsUniform) {
  constexpr int kNodes = 5;
  constexpr int kJobs = 10'000;
  for (int i = 0; i < kNodes; ++i) open(i < 2 ? NodeKind{{"c"}, {}} : NodeKind{{"c", "java"}, {}});
  std::vector<double> counts(kNodes);
  for (const NodeIndex node : one_by_one(wish(Schedule::random, "c"), kJobs)) ++counts[node];
  double chi_square = 0;
  for (const double count : counts)
    chi_square += (count - kJobs / kNodes) * (count - kJobs / kNodes) / (kJobs / kNodes);
  EXPECT_LT(chi_square, 18.467);  // p > 0.001 at four degrees of freedom
}

TEST_F(NodeSetTest, TheSameSeedGivesTheSameChoices) {
  NodeSet other(20261123);
  for (int i = 0; i < 5; ++i) {
    open();
    other.open(other.add(), {}, 4);
  }
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(set_.take(wish(Schedule::random), {}), other.take(wish(Schedule::random), {})) << i;
}

TEST_F(NodeSetTest, RoundRobinGoesInOrderAcrossKinds) {
  open({{"c"}, {}});
  open({{"ada", "c"}, {}});
  open({{"c"}, {}});
  EXPECT_THAT(one_by_one(wish(Schedule::round_robin, "c"), 7), ElementsAre(0, 1, 2, 0, 1, 2, 0));
}

TEST_F(NodeSetTest, RoundRobinSkipsFullNodesAndGoesOnBehindThem) {
  open({}, 1);
  open({}, 3);
  open({}, 1);
  EXPECT_THAT(all_at_once(wish(Schedule::round_robin)), ElementsAre(0, 1, 2, 1, 1));
}

TEST_F(NodeSetTest, OtherSchedulesDoNotTouchTheTurnOfRoundRobin) {
  for (int i = 0; i < 3; ++i) open();
  one_by_one(wish(Schedule::round_robin), 1);
  one_by_one(wish(Schedule::least_loaded), 2);
  EXPECT_THAT(one_by_one(wish(Schedule::round_robin), 2), ElementsAre(1, 2));
}

TEST_F(NodeSetTest, LeastLoadedCountsJobsForEachSlot) {
  open({}, 2);
  open({}, 4);
  const auto nodes = all_at_once(wish(Schedule::least_loaded));
  EXPECT_THAT(nodes, ElementsAre(0, 1, 1, 0, 1, 1));
}

TEST_F(NodeSetTest, OfEquallyLoadedNodesTheOneServedLongestAgoIsTaken) {
  for (int i = 0; i < 3; ++i) open();
  EXPECT_THAT(one_by_one(wish(Schedule::least_loaded), 6), ElementsAre(0, 1, 2, 0, 1, 2));
}

TEST_F(NodeSetTest, AFullNodeGetsNothingUntilAJobEnds) {
  open({}, 1);
  EXPECT_EQ(set_.free_slots(), 1u);
  ASSERT_TRUE(set_.take(wish(Schedule::least_loaded), {}));
  EXPECT_EQ(set_.free_slots(), 0u);
  EXPECT_FALSE(set_.can_take(wish(Schedule::least_loaded)));
  EXPECT_FALSE(set_.take(wish(Schedule::least_loaded), {}));
  set_.release(0, 1);
  EXPECT_TRUE(set_.can_take(wish(Schedule::least_loaded)));
}

TEST_F(NodeSetTest, ALanguageGoesWhereItIsAccepted) {
  open({{"c", "c++"}, {}});
  open({{".py", "python"}, {}});
  EXPECT_THAT(one_by_one(wish(Schedule::random, "python"), 3), ElementsAre(1, 1, 1));
  EXPECT_THAT(one_by_one(wish(Schedule::round_robin, "c++"), 3), ElementsAre(0, 0, 0));
}

TEST_F(NodeSetTest, AJobWaitsForTheFullNodeThatAcceptsIt) {
  open({{"c"}, {}}, 1);
  open({{"python"}, {}}, 1);
  ASSERT_EQ(set_.take(wish(Schedule::random, "c"), {}), 0u);
  EXPECT_FALSE(set_.can_take(wish(Schedule::random, "c")));
  EXPECT_FALSE(set_.take(wish(Schedule::random, "c"), {}));
}

TEST_F(NodeSetTest, WhatNoNodeAcceptsGoesAnywhere) {
  open({{"c"}, {}});
  open({{"python"}, {}});
  EXPECT_THAT(one_by_one(wish(Schedule::round_robin, "cobol"), 2), ElementsAre(0, 1));
  open({{"cobol"}, {}}, 1);
  EXPECT_EQ(set_.take(wish(Schedule::round_robin, "cobol"), {}), 2u);
}

TEST_F(NodeSetTest, WhatAClosedNodeAcceptsWaitsForItUntilItIsForgotten) {
  open({{"c"}, {}});
  open({{"python"}, {}});
  set_.close(1);
  EXPECT_FALSE(set_.can_take(wish(Schedule::random, "python")));
  EXPECT_FALSE(set_.take(wish(Schedule::random, "python"), {}));
  EXPECT_TRUE(set_.can_take(wish(Schedule::random, "cobol"))) << "nobody ever had that";
  set_.forget(1);
  EXPECT_TRUE(set_.can_take(wish(Schedule::random, "cobol"))) << "it has been here";
  EXPECT_EQ(set_.take(wish(Schedule::random, "python"), {}), 0u);
  set_.open(1, {{"python"}, {}}, 1);
  EXPECT_EQ(set_.take(wish(Schedule::random, "python"), {}), 1u);
}

TEST_F(NodeSetTest, WhatNobodyAcceptsWaitsForNodesThatHaveNotComeYet) {
  open({{"c"}, {}});
  const NodeIndex late = set_.add();
  EXPECT_FALSE(set_.can_take(wish(Schedule::random, "python")));
  EXPECT_TRUE(set_.can_take(wish(Schedule::random, "c")));
  set_.wait_no_more();
  EXPECT_TRUE(set_.can_take(wish(Schedule::random, "python")));
  set_.open(late, {{"python"}, {}}, 1);
  EXPECT_EQ(set_.take(wish(Schedule::random, "python"), {}), late);
}

TEST_F(NodeSetTest, AClosedNodeThatNeverToldWhatItAcceptsIsNotWaitedFor) {
  open({{"c"}, {}});
  open({});
  set_.close(1);
  EXPECT_TRUE(set_.can_take(wish(Schedule::random, "cobol")));
}

TEST_F(NodeSetTest, ANodeThatDoesNotTellWhatItAcceptsIsTriedWithAnything) {
  open({{"c"}, {}});
  open({});
  EXPECT_THAT(one_by_one(wish(Schedule::round_robin, "cobol"), 2), ElementsAre(1, 1));
  EXPECT_THAT(one_by_one(wish(Schedule::round_robin, "c"), 2), ElementsAre(0, 1));
}

TEST_F(NodeSetTest, EveryLabelIsWanted) {
  open({{}, {"gpu"}});
  open({{}, {"gpu", "room=12"}});
  open({});
  EXPECT_THAT(one_by_one(wish(Schedule::round_robin, "", {"room=12", "gpu"}), 2), ElementsAre(1, 1));
  EXPECT_THAT(one_by_one(wish(Schedule::round_robin, "", {"gpu"}), 2), ElementsAre(0, 1));
  EXPECT_FALSE(set_.can_take(wish(Schedule::round_robin, "", {"moon"})));
  EXPECT_FALSE(set_.take(wish(Schedule::round_robin, "", {"moon"}), {}));
}

TEST_F(NodeSetTest, AnUnknownLanguageStillNeedsItsLabels) {
  open({{"c"}, {}});
  open({{"c"}, {"gpu"}});
  EXPECT_EQ(set_.take(wish(Schedule::random, "cobol", {"gpu"}), {}), 1u);
}

TEST_F(NodeSetTest, TheAvoidedNodeIsTakenOnlyWhereNoOtherCan) {
  open({}, 8);
  open({}, 2);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(set_.take(wish(Schedule::least_loaded), 0u), 1u);
  EXPECT_EQ(set_.take(wish(Schedule::least_loaded), 0u), 0u);
  EXPECT_EQ(set_.free_slots(), 7u);
}

TEST_F(NodeSetTest, AnAvoidedNodeThatIsClosedIsNoMatter) {
  open();
  open();
  set_.close(0);
  EXPECT_EQ(set_.take(wish(Schedule::random), 0u), 1u);
}

TEST_F(NodeSetTest, ANodeWithTooManyBytesGetsNoMoreUntilTheyAreGone) {
  open({}, 8);
  JobInfo large = wish(Schedule::random);
  large.bytes = NodeSet::kFullBytes;
  ASSERT_TRUE(set_.take(large, {}));
  EXPECT_FALSE(set_.can_take(wish(Schedule::random)));
  EXPECT_EQ(set_.free_slots(), 0u);
  set_.release(0, large.bytes);
  EXPECT_EQ(set_.free_slots(), 8u);
}

TEST_F(NodeSetTest, AClosedNodeKeepsWhatItHas) {
  open({}, 2);
  ASSERT_TRUE(set_.take(wish(Schedule::random), {}));
  set_.close(0);
  EXPECT_FALSE(set_.is_open(0));
  EXPECT_FALSE(set_.can_take(wish(Schedule::random)));
  EXPECT_EQ(set_.jobs(0), 1u);
  set_.open(0, {}, 2);
  EXPECT_EQ(set_.free_slots(), 1u);
  set_.release(0, 1);
  EXPECT_EQ(set_.free_slots(), 2u);
}

TEST_F(NodeSetTest, MoreJobsThanSlotsAreCountedAndHaveToGoFirst) {
  open({}, 1);
  set_.hold(0, 1);
  set_.hold(0, 1);
  EXPECT_EQ(set_.jobs(0), 2u);
  EXPECT_EQ(set_.free_slots(), 0u);
  set_.release(0, 1);
  EXPECT_FALSE(set_.can_take(wish(Schedule::random)));
  set_.release(0, 1);
  EXPECT_TRUE(set_.can_take(wish(Schedule::random)));
}

TEST_F(NodeSetTest, ANodeThatComesBackWithFewerSlotsOrAnotherKindIsTakenAsItIsNow) {
  open({{"c"}, {}}, 4);
  ASSERT_TRUE(set_.take(wish(Schedule::random, "c"), {}));
  ASSERT_TRUE(set_.take(wish(Schedule::random, "c"), {}));
  set_.open(0, {{"ada"}, {}}, 1);
  EXPECT_EQ(set_.free_slots(), 0u);
  for (int i = 0; i < 2; ++i) set_.release(0, 1);
  EXPECT_EQ(set_.free_slots(), 1u);
  open({{"c"}, {}}, 1);
  EXPECT_EQ(set_.take(wish(Schedule::round_robin, "c"), {}), 1u);
}

}  // namespace
}  // namespace rota::portal
