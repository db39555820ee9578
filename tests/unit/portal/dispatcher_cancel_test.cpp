// Jobs that are taken back, or run out of their time.

#include "tests/unit/portal/dispatcher_fixture.hpp"

namespace rota::portal {
namespace {

using namespace std::chrono_literals;
using protocol::Verdict;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class DispatcherCancelTest : public DispatcherTest {};

TEST_F(DispatcherCancelTest, AQueuedJobEndsCancelledAndIsNeverSent) {
  submit(kAnna, 1);
  cancel(kAnnaAgain, 1);
  EXPECT_THAT(results_of(kAnna), ElementsAre("1 CANCELLED"));
  EXPECT_THAT(results_of(kAnnaAgain), ElementsAre("1 CANCELLED"));
  node_up(0);
  EXPECT_THAT(sent_to(0), IsEmpty());
  EXPECT_FALSE(portal->has_jobs_in_hand());
}

TEST_F(DispatcherCancelTest, ARunningJobIsTakenBackFromItsNode) {
  node_up(0);
  submit(kAnna, 1);
  cancel(kAnna, 1);
  EXPECT_THAT(results_of(kAnna), ElementsAre("1 CANCELLED"));
  EXPECT_THAT(cancelled_at(0), ElementsAre("1.1"));
  result(0, 1);
  EXPECT_THAT(results_of(kAnna), IsEmpty()) << "what the node had to say comes too late";
  EXPECT_FALSE(portal->has_jobs_in_hand());
}

TEST_F(DispatcherCancelTest, TheSeatOfACancelledJobIsFreeAgain) {
  node_up(0, hello(0, 1, 1));
  submit(kAnna, 1);
  submit(kAnna, 2);
  cancel(kAnna, 1);
  EXPECT_THAT(sent_to(0), ElementsAre("1.1", "2.1"));
}

TEST_F(DispatcherCancelTest, AJobThatIsBeingClaimedIsNotSent) {
  submit(kAnna, 1);
  portal.restart();  // so that its source has to be read first
  portal->node_up(0, hello(0));
  portal->holdings(0, {});
  portal->cancel(kAnna, {.job = job_id(1)});
  portal.settle();
  EXPECT_THAT(results_of(kAnna), ElementsAre("1 CANCELLED"));
  EXPECT_THAT(sent_to(0), IsEmpty());
  EXPECT_FALSE(portal->has_jobs_in_hand());
}

TEST_F(DispatcherCancelTest, AJobThatIsGivenBackMeanwhileIsNotMadeAgain) {
  node_up(0);
  submit(kAnna, 1);
  portal->cancel(kAnna, {.job = job_id(1)});
  portal->drain("node-1", true);
  portal->result(0, result_of(1, 1, Verdict::IE));
  portal.settle();
  EXPECT_THAT(results_of(kAnna), ElementsAre("1 CANCELLED")) << "not only once a node has room for it";
  EXPECT_FALSE(portal->has_jobs_in_hand());
}

TEST_F(DispatcherCancelTest, AFinishedJobKeepsItsAnswer) {
  node_up(0);
  submit(kAnna, 1);
  result(0, 1);
  cancel(kAnnaAgain, 1);
  EXPECT_THAT(results_of(kAnnaAgain), ElementsAre("1 AC"));
}

TEST_F(DispatcherCancelTest, AResultThatCameFirstWins) {
  node_up(0);
  submit(kAnna, 1);
  portal->cancel(kAnna, {.job = job_id(1)});
  portal->result(0, result_of(1));
  portal.settle();
  EXPECT_THAT(results_of(kAnna), ElementsAre("1 AC"));
  EXPECT_FALSE(portal->has_jobs_in_hand());
}

TEST_F(DispatcherCancelTest, AResultOfANodeOfVersion1ThatCameFirstWinsToo) {
  node_up(0, hello_of_version_1(0));
  submit(kAnna, 1);
  portal->cancel(kAnna, {.job = job_id(1)});
  portal->result(0, result_of(1, 0));
  portal.settle();
  EXPECT_THAT(results_of(kAnna), ElementsAre("1 AC"));
  EXPECT_FALSE(portal->has_jobs_in_hand());
}

TEST_F(DispatcherCancelTest, AFinishedJobThatIsSubmittedAndCancelledAtOnceKeepsItsAnswer) {
  node_up(0);
  submit(kAnna, 1);
  result(0, 1);
  portal->submit(kAnnaAgain, job(1));
  portal->cancel(kAnnaAgain, {.job = job_id(1)});
  portal.settle();
  EXPECT_THAT(results_of(kAnnaAgain), ElementsAre("1 AC"));
  EXPECT_FALSE(portal->has_jobs_in_hand());
}

TEST_F(DispatcherCancelTest, AnotherUserCannotCancel) {
  node_up(0);
  submit(kAnna, 1);
  cancel(kBert, 1);
  EXPECT_THAT(errors_of(kBert), ElementsAre("1 unknown_job"));
  EXPECT_THAT(cancelled_at(0), IsEmpty());
  cancel(kAdmin, 1);
  EXPECT_THAT(results_of(kAnna), ElementsAre("1 CANCELLED"));
}

TEST_F(DispatcherCancelTest, TheReasonNamesWhoDidIt) {
  submit(kAnna, 1);
  cancel(kAdmin, 1);
  EXPECT_EQ(portal.to_client<protocol::Result>(kAnna.client).at(0).message, "cancelled by root");
}

TEST_F(DispatcherCancelTest, AJobOfANodeThatIsAwayIsTakenBackWhenItReturns) {
  node_up(0);
  submit(kAnna, 1);
  node_down(0);
  cancel(kAnna, 1);
  EXPECT_THAT(results_of(kAnna), ElementsAre("1 CANCELLED"));
  node_up(0, hello(0), {{job_id(1), 1, false}});
  EXPECT_THAT(cancelled_at(0), ElementsAre("1.1"));
  EXPECT_FALSE(portal->has_jobs_in_hand());
}

TEST_F(DispatcherCancelTest, AJobWaitsForANodeNoLongerThanItsQueueTime) {
  auto hurried = job(1);
  hurried.queue_time = 2s;
  submit(kAnna, hurried);
  portal.tick(1900ms);
  EXPECT_THAT(results_of(kAnna), IsEmpty());
  portal.tick(100ms);
  const auto results = portal.to_client<protocol::Result>(kAnna.client);
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].verdict, Verdict::CANCELLED);
  EXPECT_THAT(results[0].message, HasSubstr("queue time"));
  EXPECT_EQ(results[0].attempt, 0u);
}

TEST_F(DispatcherCancelTest, AJobThatHasBegunInItsQueueTimeMayGoOn) {
  node_up(0);
  auto hurried = job(1);
  hurried.queue_time = 2s;
  submit(kAnna, hurried);
  portal.tick(1h);
  result(0, 1);
  EXPECT_THAT(results_of(kAnna), ElementsAre("1 AC"));
}

TEST_F(DispatcherCancelTest, AJobEndsAfterItsTotalTimeWhereverItIs) {
  node_up(0, hello(0, 1, 1));
  for (int number : {1, 2}) {
    auto hurried = job(number);
    hurried.total_time = 2s;
    submit(kAnna, hurried);
  }
  portal.tick(2s);
  EXPECT_THAT(results_of(kAnna), testing::UnorderedElementsAre("1 CANCELLED", "2 CANCELLED"));
  EXPECT_THAT(cancelled_at(0), ElementsAre("1.1"));
  EXPECT_FALSE(portal->has_jobs_in_hand());
}

TEST_F(DispatcherCancelTest, TheTotalTimeGoesOnOverARestartOfThePortal) {
  node_up(0);
  auto hurried = job(1);
  hurried.total_time = 5s;
  submit(kAnna, hurried);
  portal.restart();
  portal.tick(5s);
  wait(kAnnaAgain, 1);
  EXPECT_THAT(results_of(kAnnaAgain), ElementsAre("1 CANCELLED"));
  EXPECT_FALSE(portal->has_jobs_in_hand());
}

TEST_F(DispatcherCancelTest, WithoutANodeAJobThatWasNotAcknowledgedIsGivenUpSoon) {
  auto impatient = job(1);
  impatient.acknowledge = false;
  submit(kAnna, impatient);
  submit(kAnna, 2);
  portal.tick(0s);
  portal.tick(2900ms);
  EXPECT_THAT(errors_of(kAnna), IsEmpty());
  portal.tick(200ms);
  const auto errors = portal.to_client<protocol::Error>(kAnna.client);
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].code, protocol::ErrorCode::no_node);
  EXPECT_EQ(errors[0].job, job_id(1));
  EXPECT_THAT(errors[0].message, HasSubstr("a:1 (not connected yet)"));
  EXPECT_EQ(portal.store().load().queued, 1u);
}

TEST_F(DispatcherCancelTest, AJobThatIsAcknowledgedWhileANodeHasItWaitsForAnother) {
  node_up(0);
  auto impatient = job(1);
  impatient.acknowledge = false;
  submit(kAnna, impatient);
  EXPECT_THAT(sent_to(0), ElementsAre("1.1"));
  submit(kAnnaAgain, 1);
  EXPECT_THAT(accepted_of(kAnnaAgain), ElementsAre("1"));
  node_down(0);
  portal.tick(11s);
  EXPECT_EQ(portal.store().load().queued, 1u) << "the node did not come back";
  portal.tick(4s);
  EXPECT_THAT(errors_of(kAnnaAgain), IsEmpty());
  EXPECT_EQ(portal.store().load().queued, 1u);
}

TEST_F(DispatcherCancelTest, ANodeThatSaysNothingOfItsJobsIsNoNode) {
  portal->node_up(0, hello(0));
  auto impatient = job(1);
  impatient.acknowledge = false;
  submit(kAnna, impatient);
  portal.tick(0s);
  portal.tick(3s);
  const auto errors = portal.to_client<protocol::Error>(kAnna.client);
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_THAT(errors[0].message, HasSubstr("a:1 (it has not said yet which jobs it has)"));
}

TEST_F(DispatcherCancelTest, GivingUpIsAskedForOnceWhileTheDiskIsFull) {
  auto impatient = job(1);
  impatient.acknowledge = false;
  submit(kAnna, impatient);
  portal.tick(0s);
  portal.pass(4s);
  for (int i = 0; i < 10; ++i) portal->tick();
  portal.turn();
  portal.journal().step(ScriptedJournal::Outcome::failed);
  portal.settle();
  EXPECT_THAT(errors_of(kAnna), ElementsAre("1 no_node"));
  EXPECT_FALSE(portal->has_jobs_in_hand());
}

}  // namespace
}  // namespace rota::portal
