// Nodes that come, go, fail and come back.

#include "protocol/bounds.hpp"
#include "tests/unit/portal/dispatcher_fixture.hpp"

namespace rota::portal {
namespace {

using namespace std::chrono_literals;
using protocol::ErrorCode;
using protocol::NodeState;
using protocol::Verdict;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class DispatcherNodeTest : public DispatcherTest {
 protected:
  NodeState state_of(NodeIndex node) const { return portal_state().nodes.at(node).state; }
  protocol::Nodes portal_state() const { return const_cast<PortalBench&>(portal)->nodes(); }
};

TEST_F(DispatcherNodeTest, ALeaseIsGivenBeforeAnyJob) {
  submit(kAnna, 1);
  portal->node_up(0, hello(0));
  portal.settle();
  const auto leases = portal.to_node<protocol::Lease>(0);
  ASSERT_EQ(leases.size(), 1u);
  EXPECT_EQ(leases[0].cluster, portal.disk->cluster);
  EXPECT_THAT(sent_to(0), IsEmpty()) << "before the node has said what it holds";
  portal->holdings(0, {});
  portal.settle();
  EXPECT_THAT(sent_to(0), ElementsAre("1.1"));
}

TEST_F(DispatcherNodeTest, ANodeHasAsManyJobsAsSlots) {
  node_up(0);
  for (int i = 1; i <= 4; ++i) submit(kAnna, i);
  EXPECT_THAT(sent_to(0), ElementsAre("1.1", "2.1"));
  result(0, 2);
  EXPECT_THAT(sent_to(0), ElementsAre("3.1"));
}

TEST_F(DispatcherNodeTest, AJobStaysAtANodeThatIsBackWithinTheGrace) {
  node_up(0);
  submit(kAnna, 1);
  node_down(0);
  node_up(1);
  portal.tick(9s);
  EXPECT_THAT(sent_to(1), IsEmpty());
  node_up(0, hello(0), {{job_id(1), 1, false}});
  portal.tick(20s);
  EXPECT_THAT(sent_to(1), IsEmpty());
  result(0, 1);
  EXPECT_THAT(results_of(kAnna), ElementsAre("1 AC"));
}

TEST_F(DispatcherNodeTest, AJobOfANodeThatStaysAwayGoesToAnother) {
  node_up(0);
  submit(kAnna, 1);
  node_down(0);
  node_up(1);
  portal.tick(10s);
  EXPECT_THAT(sent_to(1), ElementsAre("1.2"));
  EXPECT_THAT(portal.logged(job_id(1)), Contains("node.lost"));
  EXPECT_THAT(portal.logged(job_id(1)), Contains("requeued"));
  node_up(0, hello(0), {{job_id(1), 1, false}});
  EXPECT_THAT(cancelled_at(0), ElementsAre("1.1")) << "its attempt was given up";
  result(1, 1, 2);
  EXPECT_THAT(results_of(kAnna), ElementsAre("1 AC"));
}

TEST_F(DispatcherNodeTest, ANodeThatIsBackButSaysNothingLosesItsJobsAllTheSame) {
  node_up(0);
  submit(kAnna, 1);
  node_down(0);
  node_up(1);
  portal->node_up(0, hello(0));
  portal.tick(10s);
  EXPECT_THAT(sent_to(1), ElementsAre("1.2"));
}

TEST_F(DispatcherNodeTest, TheLateResultOfAnOlderAttemptIsDroppedAndForgotten) {
  node_up(0);
  submit(kAnna, 1);
  node_down(0);
  node_up(1);
  portal.tick(10s);
  node_up(0, hello(0), {{job_id(1), 1, true}});
  result(0, 1, 1, Verdict::WA);
  EXPECT_THAT(results_of(kAnna), IsEmpty());
  EXPECT_THAT(stored_at(0), ElementsAre("1.1"));
  EXPECT_THAT(portal.logged(job_id(1)), Contains("answer.unexpected"));
  result(1, 1, 2);
  EXPECT_THAT(results_of(kAnna), ElementsAre("1 AC"));
}

TEST_F(DispatcherNodeTest, AResultOfAnotherNodesJobIsNone) {
  node_up(0);
  submit(kAnna, 1);
  node_up(1);
  result(1, 1);
  EXPECT_THAT(results_of(kAnna), IsEmpty());
  EXPECT_THAT(stored_at(1), ElementsAre("1.1"));
  portal->live_event(1, {.job = job_id(1), .name = "run.started", .attempt = 1});
  refuse(1, 1, ErrorCode::unknown_value);
  EXPECT_THAT(errors_of(kAnna), IsEmpty());
  result(0, 1);
  EXPECT_THAT(results_of(kAnna), ElementsAre("1 AC"));
}

TEST_F(DispatcherNodeTest, AResultThatComesTwiceIsOneAnswer) {
  node_up(0);
  submit(kAnna, 1);
  portal->result(0, result_of(1));
  portal->result(0, result_of(1));
  portal.settle();
  result(0, 1);
  EXPECT_THAT(results_of(kAnna), ElementsAre("1 AC"));
  EXPECT_FALSE(portal->has_jobs_in_hand());
}

TEST_F(DispatcherNodeTest, AnotherLifeOfANodeHasNothingOfTheFirst) {
  node_up(0);
  submit(kAnna, 1);
  node_down(0);
  node_up(0, hello(0, 2));
  EXPECT_THAT(sent_to(0), ElementsAre("1.1", "1.2"));
}

TEST_F(DispatcherNodeTest, WhatANodeDoesNotNameItHasNot) {
  node_up(0);
  submit(kAnna, 1);
  submit(kAnna, 2);
  node_down(0);
  node_up(0, hello(0), {{job_id(2), 1, false}});
  EXPECT_THAT(sent_to(0), ElementsAre("1.1", "2.1", "1.2"));
}

TEST_F(DispatcherNodeTest, ThousandsOfJobsThatNobodyKnowsAreTakenBack) {
  std::vector<protocol::HeldJob> held;
  for (int i = 0; i < static_cast<int>(protocol::kMaxHeldJobs); ++i)
    held.push_back({job_id(i), 1, i % 2 == 0});
  node_up(0, hello(0), held);
  EXPECT_EQ(cancelled_at(0).size(), protocol::kMaxHeldJobs);
  EXPECT_FALSE(portal->has_jobs_in_hand());
  submit(kAnna, 1);
  EXPECT_THAT(sent_to(0), ElementsAre("1.1"));
}

TEST_F(DispatcherNodeTest, ANodeCannotTakeOverAnothersJob) {
  node_up(0);
  submit(kAnna, 1);
  node_up(1, hello(1), {{job_id(1), 1, true}});
  EXPECT_THAT(cancelled_at(1), ElementsAre("1.1"));
  result(1, 1);
  EXPECT_THAT(results_of(kAnna), IsEmpty());
}

TEST_F(DispatcherNodeTest, ANodeWithTwoConnectionsKeepsItsJobs) {
  node_up(0);
  submit(kAnna, 1);
  submit(kAnna, 2);
  node_up(1, hello(0), {{job_id(1), 1, false}, {job_id(2), 1, true}});
  EXPECT_THAT(cancelled_at(1), IsEmpty());
  result(1, 2);  // it tells both, and this one is quicker
  result(0, 2);
  result(0, 1);
  EXPECT_THAT(results_of(kAnna), ElementsAre("2 AC", "1 AC"));
  EXPECT_FALSE(portal->has_jobs_in_hand());
}

TEST_F(DispatcherNodeTest, ANodeOfVersion1LosesItsJobsWithItsConnection) {
  node_up(0, hello_of_version_1(0));
  submit(kAnna, 1);
  EXPECT_THAT(sent_to(0), ElementsAre("1.1"));
  node_down(0);
  node_up(0, hello_of_version_1(0));
  EXPECT_THAT(sent_to(0), ElementsAre("1.2"));
  result(0, 1, 0);
  EXPECT_THAT(results_of(kAnna), ElementsAre("1 AC"));
}

TEST_F(DispatcherNodeTest, AnInternalErrorIsTriedAtAnotherNode) {
  node_up(0);
  submit(kAnna, 1);
  node_up(1);
  result(0, 1, 1, Verdict::IE);
  EXPECT_THAT(stored_at(0), ElementsAre("1.1"));
  EXPECT_THAT(sent_to(1), ElementsAre("1.2"));
  result(1, 1, 2);
  const auto results = portal.to_client<protocol::Result>(kAnna.client);
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].verdict, Verdict::AC);
  EXPECT_EQ(results[0].attempt, 2u);
}

TEST_F(DispatcherNodeTest, TheThirdInternalErrorIsTheAnswerWithItsHistory) {
  node_up(0);
  submit(kAnna, 1);
  result(0, 1, 1, Verdict::IE);
  node_down(0);
  node_up(0, hello(0, 2));
  node_down(0);
  node_up(0, hello(0, 3));
  EXPECT_THAT(sent_to(0), ElementsAre("1.1", "1.2", "1.3"));
  result(0, 1, 3, Verdict::IE);
  const auto results = portal.to_client<protocol::Result>(kAnna.client);
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].verdict, Verdict::IE);
  EXPECT_THAT(results[0].message, HasSubstr("attempt 1 at node-1: the box is broken; attempt 2 at node-1"));
  EXPECT_FALSE(portal->has_jobs_in_hand());
}

TEST_F(DispatcherNodeTest, AJobThatLosesThreeNodesIsAnsweredWithItsHistory) {
  node_up(0);
  submit(kAnna, 1);
  for (int life = 2; life <= 4; ++life) node_up(0, hello(0, life));
  const auto results = portal.to_client<protocol::Result>(kAnna.client);
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].verdict, Verdict::IE);
  EXPECT_THAT(results[0].message, HasSubstr("3 attempts came to nothing, by no fault of the program"));
  EXPECT_FALSE(portal->has_jobs_in_hand());
}

TEST_F(DispatcherNodeTest, ARefusalOfTheSubmissionIsItsAnswer) {
  node_up(0);
  submit(kAnna, 1);
  refuse(0, 1, ErrorCode::out_of_range);
  EXPECT_THAT(errors_of(kAnna), ElementsAre("1 out_of_range"));
  submit(kAnnaAgain, 1);
  EXPECT_THAT(errors_of(kAnnaAgain), ElementsAre("1 out_of_range"));
}

TEST_F(DispatcherNodeTest, ANodeThatHasNoRoomPassesTheJobOn) {
  node_up(0);
  submit(kAnna, 1);
  node_up(1);
  refuse(0, 1, ErrorCode::busy);
  EXPECT_THAT(sent_to(1), ElementsAre("1.2"));
  EXPECT_THAT(errors_of(kAnna), IsEmpty());
}

TEST_F(DispatcherNodeTest, ThreeFailuresInARowQuarantineANodeUntilItsSelfTest) {
  node_up(0);
  submit(kAnna, 1);
  for (std::uint32_t attempt : {1, 2}) result(0, 1, attempt, Verdict::IE);
  node_up(1);
  EXPECT_EQ(state_of(0), NodeState::up);
  result(0, 1, 3, Verdict::IE);
  EXPECT_EQ(state_of(0), NodeState::quarantined);
  submit(kAnna, 5);
  EXPECT_THAT(sent_to(1), ElementsAre("5.1"));
  portal.tick(900ms);
  EXPECT_THAT(portal.to_node<protocol::SelfTest>(0), IsEmpty());
  portal.tick(100ms);
  EXPECT_EQ(portal.to_node<protocol::SelfTest>(0).size(), 1u);
  portal->self_tested(0, "pid namespace: not active");
  portal.tick(1900ms);
  EXPECT_THAT(portal.to_node<protocol::SelfTest>(0), IsEmpty()) << "after twice the time";
  portal.tick(100ms);
  EXPECT_EQ(portal.to_node<protocol::SelfTest>(0).size(), 1u);
  EXPECT_EQ(state_of(0), NodeState::quarantined);
  portal->self_tested(0, "");
  EXPECT_EQ(state_of(0), NodeState::up);
}

TEST_F(DispatcherNodeTest, OnProbationOneFailureIsEnough) {
  node_up(0, hello(0, 1, 1));
  submit(kAnna, 1);
  for (std::uint32_t attempt = 1; attempt <= 3; ++attempt) result(0, 1, attempt, Verdict::IE);
  portal.tick(1s);
  portal->self_tested(0, "");
  submit(kAnna, 2);
  result(0, 2, 1, Verdict::IE);
  EXPECT_EQ(state_of(0), NodeState::quarantined);
}

TEST_F(DispatcherNodeTest, AJobThatEndsWellEndsTheRowOfFailures) {
  node_up(0, hello(0, 1, 1));
  for (int i = 1; i <= 5; ++i) {
    submit(kAnna, i);
    result(0, i, 1, Verdict::IE);
    result(0, i, 2);
  }
  EXPECT_EQ(state_of(0), NodeState::up);
}

TEST_F(DispatcherNodeTest, AQuarantinedNodeOfVersion1OnlyWaits) {
  node_up(0, hello_of_version_1(0));
  submit(kAnna, 1);
  for (int i = 0; i < 3; ++i) result(0, 1, 0, Verdict::IE);
  EXPECT_EQ(state_of(0), NodeState::quarantined);
  portal.tick(1s);
  EXPECT_EQ(state_of(0), NodeState::up);
}

TEST_F(DispatcherNodeTest, ANodeThatDrainsKeepsItsJobsAndGetsNoMore) {
  node_up(0);
  submit(kAnna, 1);
  portal->node_drains(0, true);
  EXPECT_EQ(state_of(0), NodeState::draining);
  submit(kAnna, 2);
  EXPECT_THAT(sent_to(0), ElementsAre("1.1"));
  result(0, 1);
  EXPECT_THAT(results_of(kAnna), ElementsAre("1 AC"));
  node_down(0);
  node_up(0, hello(0, 2));
  EXPECT_THAT(sent_to(0), ElementsAre("2.1")) << "its next life is another matter";
}

TEST_F(DispatcherNodeTest, AnAdministratorDrainsByNameOrAddressForGood) {
  node_up(0);
  EXPECT_TRUE(portal->drain("node-1", true));
  EXPECT_FALSE(portal->drain("node-9", true));
  EXPECT_FALSE(portal->drain("", true)) << "no name is none, not that of a node that has not come yet";
  node_down(0);
  node_up(0, hello(0, 2));
  submit(kAnna, 1);
  EXPECT_THAT(sent_to(0), IsEmpty());
  EXPECT_TRUE(portal->drain("a:1", false));
  portal.settle();
  EXPECT_THAT(sent_to(0), ElementsAre("1.1"));
}

TEST_F(DispatcherNodeTest, TheNodesAreListedAsTheyAre) {
  auto greeting = hello(1);
  greeting.labels = {"gpu"};
  greeting.memory_bytes = 1 << 30;
  node_up(1, greeting);
  submit(kAnna, 1);
  const auto nodes = portal_state().nodes;
  ASSERT_EQ(nodes.size(), 2u);
  EXPECT_FALSE(nodes[0].up);
  EXPECT_EQ(nodes[0].state, NodeState::down);
  EXPECT_EQ(nodes[0].problem, "not connected yet");
  EXPECT_TRUE(nodes[1].up);
  EXPECT_EQ(nodes[1].problem, "");
  EXPECT_EQ(nodes[1].name, "node-2");
  EXPECT_EQ(nodes[1].jobs, 1u);
  EXPECT_THAT(nodes[1].labels, ElementsAre("gpu"));
}

TEST_F(DispatcherNodeTest, ALanguageGoesToTheNodeThatHasIt) {
  auto of_c = hello(0);
  of_c.accepts = {"c", ".c", "gcc"};
  auto of_python = hello(1);
  of_python.accepts = {"python", ".py"};
  node_up(0, of_c);
  node_up(1, of_python);
  for (int i = 1; i <= 3; ++i) submit(kAnna, job(i, "a.py"));
  EXPECT_THAT(sent_to(1), ElementsAre("1.1", "2.1"));
  EXPECT_THAT(sent_to(0), IsEmpty()) << "the third waits for the node that has it";
  auto named = job(4, "main.txt");
  named.language = "GCC";
  submit(kAnna, named);
  EXPECT_THAT(sent_to(0), ElementsAre("4.1"));
}

}  // namespace
}  // namespace rota::portal
