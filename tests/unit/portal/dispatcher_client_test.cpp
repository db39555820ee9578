// What clients ask for, and what they get.

#include <algorithm>

#include "tests/unit/portal/dispatcher_fixture.hpp"

namespace rota::portal {
namespace {

using namespace std::chrono_literals;
using protocol::ErrorCode;
using protocol::Verdict;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

class DispatcherClientTest : public DispatcherTest {};

TEST_F(DispatcherClientTest, AJobIsAcceptedSentAnsweredAndTheNodeMayForgetIt) {
  node_up(0);
  submit(kAnna, 1);
  EXPECT_THAT(accepted_of(kAnna), ElementsAre("1"));
  EXPECT_THAT(sent_to(0), ElementsAre("1.1"));
  EXPECT_THAT(results_of(kAnna), IsEmpty());
  result(0, 1);
  EXPECT_THAT(results_of(kAnna), ElementsAre("1 AC"));
  EXPECT_THAT(stored_at(0), ElementsAre("1.1"));
  EXPECT_FALSE(portal->has_jobs_in_hand());
}

TEST_F(DispatcherClientTest, NothingIsSaidAndNothingIsSentBeforeItIsWrittenDown) {
  node_up(0);
  portal->submit(kAnna, job(1));
  portal.turn();
  EXPECT_THAT(accepted_of(kAnna), IsEmpty());
  EXPECT_THAT(sent_to(0), IsEmpty());
  portal.settle();
  EXPECT_THAT(accepted_of(kAnna), ElementsAre("1"));
  EXPECT_THAT(sent_to(0), ElementsAre("1.1"));
  portal->result(0, result_of(1));
  portal.turn();
  EXPECT_THAT(results_of(kAnna), IsEmpty());
  EXPECT_THAT(stored_at(0), IsEmpty());
  portal.settle();
  EXPECT_THAT(results_of(kAnna), ElementsAre("1 AC"));
  EXPECT_THAT(stored_at(0), ElementsAre("1.1"));
}

TEST_F(DispatcherClientTest, AcceptedIsSaidBeforeTheAnswerAndOnlyToWhoAskedForIt) {
  auto quiet = job(1);
  quiet.acknowledge = false;
  submit(kAnna, quiet);
  EXPECT_THAT(accepted_of(kAnna), IsEmpty());
  submit(kAnna, 2);
  EXPECT_EQ(portal.to_client<protocol::Accepted>(kAnna.client).at(0).ahead, 1u);
}

TEST_F(DispatcherClientTest, ASubmissionWithoutAnIdGetsOne) {
  node_up(0);
  auto submission = job(1);
  submission.job.clear();
  submit(kAnna, submission);
  const auto sent = portal.to_node<protocol::Submit>(0);
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].job.size(), 36u);
}

TEST_F(DispatcherClientTest, TheSameIdIsTheSameJobOnTheSameConnection) {
  node_up(0);
  submit(kAnna, 1);
  submit(kAnna, 1);
  EXPECT_THAT(sent_to(0), ElementsAre("1.1"));
  result(0, 1);
  EXPECT_THAT(results_of(kAnna), ElementsAre("1 AC"));
}

TEST_F(DispatcherClientTest, TheSameIdIsTheSameJobOnAnotherConnection) {
  node_up(0);
  submit(kAnna, 1);
  submit(kAnnaAgain, 1);
  EXPECT_THAT(sent_to(0), ElementsAre("1.1"));
  result(0, 1);
  EXPECT_THAT(results_of(kAnna), ElementsAre("1 AC"));
  EXPECT_THAT(results_of(kAnnaAgain), ElementsAre("1 AC"));
}

TEST_F(DispatcherClientTest, AFinishedJobIsAnsweredAtOnceAndNotRunAgain) {
  node_up(0);
  submit(kAnna, 1);
  result(0, 1);
  sent_to(0);
  submit(kAnnaAgain, 1);
  EXPECT_THAT(results_of(kAnnaAgain), ElementsAre("1 AC"));
  EXPECT_THAT(accepted_of(kAnnaAgain), IsEmpty());
  EXPECT_THAT(sent_to(0), IsEmpty());
  EXPECT_FALSE(portal->has_jobs_in_hand());
}

TEST_F(DispatcherClientTest, AnotherUsersIdIsRefusedInProgressAndFinished) {
  node_up(0);
  submit(kAnna, 1);
  submit(kBert, 1);
  EXPECT_THAT(errors_of(kBert), ElementsAre("1 duplicate_job"));
  result(0, 1);
  EXPECT_THAT(results_of(kBert), IsEmpty());
  submit(kBert, 1);
  EXPECT_THAT(errors_of(kBert), ElementsAre("1 duplicate_job"));
  EXPECT_THAT(accepted_of(kBert), IsEmpty());
  EXPECT_THAT(results_of(kBert), IsEmpty());
  EXPECT_THAT(sent_to(0), ElementsAre("1.1"));
}

TEST_F(DispatcherClientTest, AForeignSubmissionMakesNobodysJobImpatient) {
  submit(kAnna, 1);
  auto foreign = job(1);
  foreign.acknowledge = false;
  submit(kBert, foreign);
  for (int i = 0; i < 100; ++i) portal.tick(100ms);
  EXPECT_THAT(errors_of(kAnna), IsEmpty());
  node_up(0);
  EXPECT_THAT(sent_to(0), ElementsAre("1.1"));
}

TEST_F(DispatcherClientTest, WaitIsAnsweredAsTheSubmissionItself) {
  node_up(0);
  submit(kAnna, 1);
  wait(kAnnaAgain, 1);
  result(0, 1);
  EXPECT_THAT(results_of(kAnnaAgain), ElementsAre("1 AC"));
  wait(kAnnaAgain, 1);
  EXPECT_THAT(results_of(kAnnaAgain), ElementsAre("1 AC")) << "also later";
}

TEST_F(DispatcherClientTest, WaitForAnUnknownOrForeignJobIsRefused) {
  node_up(0);
  wait(kAnna, 7);
  EXPECT_THAT(errors_of(kAnna), ElementsAre("7 unknown_job"));
  submit(kAnna, 1);
  wait(kBert, 1);
  EXPECT_THAT(errors_of(kBert), ElementsAre("1 unknown_job"));
  result(0, 1);
  wait(kBert, 1);
  EXPECT_THAT(errors_of(kBert), ElementsAre("1 unknown_job"));
  EXPECT_THAT(results_of(kBert), IsEmpty());
  wait(kAdmin, 1);
  EXPECT_THAT(results_of(kAdmin), ElementsAre("1 AC")) << "an administrator reaches all";
}

TEST_F(DispatcherClientTest, NothingOfAnothersJobIsToldWhileTheStoreIsStillAskedWhoseItIs) {
  node_up(0);
  submit(kAnna, 1);
  portal->result(0, result_of(1));
  portal.turn();  // the answer is being written
  portal->wait(kBert, {.job = job_id(1), .live_events = true});
  const Peer bert_again{.client = 9, .user = "bert", .is_admin = false};
  auto foreign = job(1);
  foreign.live_events = true;
  portal->submit(bert_again, foreign);
  portal.settle();
  EXPECT_THAT(errors_of(kBert), ElementsAre("1 unknown_job"));
  EXPECT_THAT(errors_of(bert_again), ElementsAre("1 duplicate_job"));
  for (const Peer& stranger : {kBert, bert_again}) {
    EXPECT_THAT(results_of(stranger), IsEmpty());
    EXPECT_THAT(portal.to_client<protocol::LiveEvent>(stranger.client), IsEmpty());
  }
  EXPECT_THAT(results_of(kAnna), ElementsAre("1 AC"));
}

TEST_F(DispatcherClientTest, NothingOfAnothersRunningJobIsToldMeanwhile) {
  node_up(0);
  submit(kAnna, 1);
  portal->wait(kBert, {.job = job_id(1), .live_events = true});
  protocol::Event event{
      .host = "node-1", .job = job_id(1), .name = "run.started", .sequence = 1, .attempt = 1};
  portal->live_event(0, event);
  portal.settle();
  EXPECT_THAT(portal.to_client<protocol::LiveEvent>(kBert.client), IsEmpty());
  EXPECT_THAT(errors_of(kBert), ElementsAre("1 unknown_job"));
}

TEST_F(DispatcherClientTest, ASubmissionBehindAWaitForTheSameUnknownJobIsAnswered) {
  node_up(0);
  portal->wait(kAnna, {.job = job_id(1)});
  submit(kAnna, 1);
  EXPECT_THAT(errors_of(kAnna), IsEmpty());
  result(0, 1);
  EXPECT_THAT(results_of(kAnna), ElementsAre("1 AC"));
  EXPECT_FALSE(portal->has_jobs_in_hand());
}

TEST_F(DispatcherClientTest, WhoWaitsAgainIsNotLookedUpAgain) {
  for (int i = 0; i < 1000; ++i) portal->wait(kAnna, {.job = job_id(1)});
  for (int i = 0; i < 1000; ++i) portal->cancel(kAnna, {.job = job_id(1)});
  int lookups = 0;
  for (portal.turn(); !portal.journal().is_idle(); portal.turn(), ++lookups) portal.journal().step();
  EXPECT_LE(lookups, 2);
  EXPECT_THAT(errors_of(kAnna), ElementsAre("1 unknown_job"));
  EXPECT_FALSE(portal->has_jobs_in_hand());
}

TEST_F(DispatcherClientTest, OneConnectionHasABoundOfUnansweredJobsHoweverItAsks) {
  const DispatcherBounds bounds;
  for (int i = 0; i < static_cast<int>(bounds.jobs_per_client); ++i) portal->wait(kAnna, {.job = job_id(i)});
  portal->wait(kAnna, {.job = job_id(5000)});
  portal->cancel(kAnna, {.job = job_id(5001)});
  portal->submit(kAnna, job(5002));
  portal->submit(kAnna, job(5));  // is counted already
  EXPECT_THAT(errors_of(kAnna),
              ElementsAre("5000 too_many_jobs", "5001 too_many_jobs", "5002 too_many_jobs"));
  portal.settle();
  EXPECT_EQ(portal.to_client<protocol::Error>(kAnna.client).size(), bounds.jobs_per_client - 1);
}

TEST_F(DispatcherClientTest, EventsComeOnceToWhoFollows) {
  node_up(0);
  auto followed = job(1);
  followed.live_events = true;
  submit(kAnna, followed);
  portal->live_event(
      0, {.host = "node-1", .job = job_id(1), .name = "run.started", .sequence = 1, .attempt = 1});
  portal->live_event(
      0, {.host = "node-1", .job = job_id(1), .name = "run.started", .sequence = 1, .attempt = 1});
  EXPECT_THAT(events_of(kAnna), ElementsAre("received", "queued", "dispatched", "run.started"));
  wait(kAnna, 1, true);
  cancel(kBert, 1);
  submit(kAnna, followed);
  EXPECT_THAT(events_of(kAnna), IsEmpty()) << "nothing again on the same connection";
  wait(kAnnaAgain, 1, true);
  EXPECT_THAT(events_of(kAnnaAgain), ElementsAre("received", "queued", "dispatched", "run.started"));
  result(0, 1);
  EXPECT_THAT(events_of(kAnna), ElementsAre("returned"));
  EXPECT_THAT(events_of(kAnnaAgain), ElementsAre("returned"));
}

TEST_F(DispatcherClientTest, WhoSubmitsAQueuedJobAgainGetsTheEventsThatItHas) {
  auto followed = job(1);
  followed.live_events = true;
  submit(kAnna, followed);
  const auto first = portal.to_client<protocol::LiveEvent>(kAnna.client);
  portal.pass(5s);
  submit(kAnnaAgain, followed);
  EXPECT_EQ(portal.to_client<protocol::LiveEvent>(kAnnaAgain.client), first);
}

TEST_F(DispatcherClientTest, CancelReplaysNothing) {
  node_up(0);
  auto followed = job(1);
  followed.live_events = true;
  submit(kAnna, followed);
  events_of(kAnna);
  cancel(kAnna, 1);
  EXPECT_THAT(events_of(kAnna), ElementsAre("cancelled", "returned"));
}

TEST_F(DispatcherClientTest, AClientThatGoesTakesNoJobWithIt) {
  node_up(0);
  submit(kAnna, 1);
  portal->client_gone(kAnna.client);
  result(0, 1);
  EXPECT_THAT(results_of(kAnna), IsEmpty());
  wait(kAnnaAgain, 1);
  EXPECT_THAT(results_of(kAnnaAgain), ElementsAre("1 AC"));
}

TEST_F(DispatcherClientTest, UsersHaveAtMostTheUsualPriority) {
  auto urgent = job(1);
  urgent.priority = 9;
  submit(kAnna, urgent);
  urgent.job = job_id(2);
  submit(kAdmin, urgent);
  EXPECT_EQ(portal.disk->jobs.at(job_id(1)).info.priority, 5u);
  EXPECT_EQ(portal.disk->jobs.at(job_id(2)).info.priority, 9u);
}

class FullPortalTest : public DispatcherTest {
 protected:
  FullPortalTest() : DispatcherTest({"a:1"}, {}, {.jobs = 2}) {}
};

TEST_F(FullPortalTest, BusySaysWhenItIsWorthTryingAgain) {
  submit(kAnna, 1);
  submit(kAnna, 2);
  submit(kAnna, 3);
  const auto errors = portal.to_client<protocol::Error>(kAnna.client);
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].code, ErrorCode::busy);
  EXPECT_GE(errors[0].retry_after, 500ms);
  EXPECT_EQ(portal->jobs_of(kAnna.client), 2u);
  submit(kAnnaAgain, 2);
  EXPECT_THAT(errors_of(kAnnaAgain), IsEmpty()) << "one that is there already needs no room";
}

TEST_F(DispatcherClientTest, AJournalThatFailsDelaysAnswersAndRefusesNewJobs) {
  node_up(0);
  submit(kAnna, 1);
  portal->result(0, result_of(1));
  portal.turn();
  portal.journal().step(ScriptedJournal::Outcome::failed);
  portal->submit(kAnna, job(2));
  EXPECT_THAT(results_of(kAnna), IsEmpty());
  portal.settle();
  EXPECT_THAT(results_of(kAnna), ElementsAre("1 AC"));
  EXPECT_THAT(errors_of(kAnna), ElementsAre("2 busy"));
  EXPECT_THAT(portal.logged(""), testing::Contains("store.failed"));
  EXPECT_THAT(portal.logged(""), testing::Contains("store.works"));
}

TEST_F(DispatcherClientTest, WhileTheStoreCannotWriteWhoAsksIsToldToComeAgain) {
  submit(kAnna, 1);
  portal->submit(kAnna, job(2));
  portal.turn();
  portal.journal().step(ScriptedJournal::Outcome::failed);
  for (int i = 0; i < 100; ++i) portal->wait(kAnnaAgain, {.job = job_id(1)});
  portal->cancel(kAnnaAgain, {.job = job_id(1)});
  portal->submit(kBert, job(3));
  EXPECT_THAT(errors_of(kAnnaAgain), SizeIs(101));
  EXPECT_THAT(errors_of(kBert), ElementsAre("3 busy"));
  EXPECT_THAT(accepted_of(kAnna), ElementsAre("1")) << "the first, not what is not written";
}

TEST_F(DispatcherClientTest, EventsAreKeptForThoseWhoComeLaterWithinABound) {
  node_up(0);
  submit(kAnna, 1);
  protocol::Event event{.host = "node-1", .job = job_id(1), .name = "said", .attempt = 1};
  event.fields["text"] = std::string(4000, 'x');
  for (std::uint32_t i = 1; i <= 100; ++i) {
    event.sequence = i;
    portal->live_event(0, event);
    portal->live_event(0, event);  // again, after a lost connection
  }
  wait(kAnnaAgain, 1, true);
  const auto kept = static_cast<std::size_t>(std::ranges::count(events_of(kAnnaAgain), "said"));
  EXPECT_GT(kept, 10u);
  EXPECT_LE(kept * 4000, Dispatcher::kMaxLiveBytes);
}

TEST_F(DispatcherClientTest, AcceptedTellsWhyNoNodeCanTakeTheJob) {
  const auto problem_of = [this] { return portal.to_client<protocol::Accepted>(kAnna.client).at(0).problem; };
  submit(kAnna, 1);
  EXPECT_THAT(problem_of(), HasSubstr("a:1 (not connected yet)"));
  node_up(0);
  auto choosy = job(2);
  choosy.labels = {"gpu"};
  submit(kAnna, choosy);
  EXPECT_THAT(problem_of(), HasSubstr("no node that takes jobs has the label gpu"));
  for (int i = 3; i < 6; ++i) submit(kAnna, i);
  EXPECT_EQ(problem_of(), "") << "a full node is none";
}

}  // namespace
}  // namespace rota::portal
