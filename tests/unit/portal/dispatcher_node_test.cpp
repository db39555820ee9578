// Nodes that come, go, fail and come back.

#include "protocol/bounds.hpp"
#include "tests/unit/portal/dispatcher_fixture.hpp"

namespace rota::portal {
namespace {

using namespace std::chrono_literals;
using protocol::ErrorCode;
using protocol::Verdict;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class DispatcherNodeTest : public DispatcherTest {};

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

TEST_F(DispatcherNodeTest, RefusalsOfABusyNodeAreNoAttempts) {
  node_up(0);
  submit(kAnna, 1);
  for (int i = 1; i <= 10; ++i) {
    refuse(0, 1, ErrorCode::busy);
    portal.tick(499ms);
    EXPECT_THAT(sent_to(0), ElementsAre("1." + std::to_string(i))) << "it rests for a while";
    portal.tick(1ms);
  }
  for (std::uint32_t attempt = 11; attempt <= 13; ++attempt) {
    EXPECT_THAT(sent_to(0), ElementsAre("1." + std::to_string(attempt)));
    EXPECT_THAT(results_of(kAnna), IsEmpty());
    result(0, 1, attempt, Verdict::IE);
  }
  EXPECT_THAT(results_of(kAnna), ElementsAre("1 IE"));
}

TEST_F(DispatcherNodeTest, AJobThatABusyNodeGivesBackCanBeCancelledMeanwhile) {
  node_up(0);
  submit(kAnna, 1);
  portal->cancel(kAnna, {.job = job_id(1)});
  portal->refused(0, {.code = ErrorCode::busy, .job = job_id(1)});
  portal.settle();
  EXPECT_THAT(results_of(kAnna), ElementsAre("1 CANCELLED"));
}

}  // namespace
}  // namespace rota::portal
