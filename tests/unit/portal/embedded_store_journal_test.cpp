// A journal that is slow, fails, knows some jobs already, or is all that is left after a crash.

#include "tests/unit/portal/embedded_store_fixture.hpp"

namespace rota::portal {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(EmbeddedStoreTest, NothingIsSaidBeforeItIsWritten) {
  accept(1);
  turn();
  EXPECT_THAT(said(), IsEmpty());
  step();
  EXPECT_THAT(said(), ElementsAre("accepted 1"));
  claim(1);
  turn();
  EXPECT_THAT(said(), IsEmpty());
  step();
  EXPECT_THAT(said(), ElementsAre("claimed 1.1 source of 1"));
  finish(1, 1, "hello");
  turn();
  EXPECT_THAT(said(), IsEmpty());
  step();
  EXPECT_THAT(said(), ElementsAre("finished 1: hello", "taken"));
}

TEST_F(EmbeddedStoreTest, AJobThatNobodyWasPromisedDoesNotWaitForTheDisk) {
  accept(unpromised(1));
  claim(1);
  turn();
  EXPECT_THAT(said(), ElementsAre("accepted 1", "claimed 1.1 source of 1"));
  finish(1, 1, "hello");
  turn();
  EXPECT_THAT(said(), ElementsAre("finished 1: hello"));
  settle();
  EXPECT_THAT(said(), ElementsAre("taken"));
  EXPECT_TRUE(disk_->answers.contains(job_id(1)));
}

TEST_F(EmbeddedStoreTest, WhatIsSaidOfOneJobComesInOrderAlsoWhereNobodyWasPromisedIt) {
  accept(1);
  accept(unpromised(2));
  claim(2);
  turn();
  EXPECT_THAT(said(), ElementsAre("accepted 2", "claimed 2.1 source of 2"));
  find(2);
  finish(2, 1, "hello");
  turn();
  EXPECT_THAT(said(), IsEmpty());
  settle();
  EXPECT_THAT(said(), ElementsAre("accepted 1", "claimed 1.1 source of 1", "2 is running",
                                  "finished 2: hello", "taken"));
}

TEST_F(EmbeddedStoreTest, WhatNobodyWaitsForIsWrittenAlsoWhereThereIsAlwaysMoreOfIt) {
  net::Timer more(loop_);
  int number = 0;
  more.every(1ms, [&] {
    accept(unpromised(++number));
    if (!journal_->is_idle() || number == 1000) more.stop();
  });
  turn();
  EXPECT_LT(number, 1000);
}

// After a crash the journal would have the same attempt begun a second time.
TEST_F(EmbeddedStoreTest, AnAttemptAtAJobThatTheJournalKnowsWaitsForTheDisk) {
  accept(unpromised(1));
  step();
  EXPECT_THAT(said(), ElementsAre("accepted 1"));
  claim(1);
  turn();
  EXPECT_THAT(said(), IsEmpty());
  step();
  EXPECT_THAT(said(), ElementsAre("claimed 1.1 source of 1"));
}

TEST_F(EmbeddedStoreTest, AJobThatMayHaveEndedBeforeWaitsForTheDisk) {
  accept(1);
  settle();
  end_queued(1, "first");
  settle();
  said();
  accept(unpromised(1));
  claim(1);
  turn();
  EXPECT_THAT(said(), IsEmpty());
  settle();
  EXPECT_THAT(said(), ElementsAre("answered 1: first"));
}

TEST_F(EmbeddedStoreTest, AJobWaitsForTheDiskOnceSomebodyWasPromisedIt) {
  accept(unpromised(1));
  claim(1);
  accept(1);
  settle();
  EXPECT_THAT(said(), ElementsAre("accepted 1", "claimed 1.1 source of 1", "known 1"));
  EXPECT_TRUE(disk_->jobs.at(job_id(1)).info.waits_for_nodes);
  finish(1, 1, "hello");
  turn();
  EXPECT_THAT(said(), IsEmpty());
  step();
  EXPECT_THAT(said(), ElementsAre("finished 1: hello", "taken"));
}

TEST_F(EmbeddedStoreTest, AnAnswerThatHasNotGoneOutYetWaitsForTheDiskWhereTheJobIsPromised) {
  accept(unpromised(1));
  claim(1);
  settle();
  said();
  finish(1, 1, "hello");
  accept(1);
  turn();
  EXPECT_THAT(said(), IsEmpty());
  step();
  EXPECT_THAT(said(), ElementsAre("finished 1: hello", "taken", "answered 1: hello"));
}

TEST_F(EmbeddedStoreTest, AnAnswerThatHasNotGoneOutYetWaitsForTheDiskWhereItIsAskedFor) {
  accept(unpromised(1));
  claim(1);
  settle();
  said();
  finish(1, 1, "hello");
  find(1);
  turn();
  EXPECT_THAT(said(), IsEmpty());
  step();
  EXPECT_THAT(said(), ElementsAre("finished 1: hello", "taken", "1 is hello"));
}

TEST_F(EmbeddedStoreTest, AnotherUsersSubmissionPromisesNothing) {
  accept(unpromised(1));
  accept(job(1, "bert"));
  settle();
  EXPECT_THAT(said(), ElementsAre("accepted 1", "refused 1: duplicate_job"));
  EXPECT_FALSE(disk_->jobs.at(job_id(1)).info.waits_for_nodes);
}

TEST_F(EmbeddedStoreTest, WhatHappensDuringAWriteSharesTheNext) {
  accept(1);
  turn();
  for (int i = 2; i <= 50; ++i) accept(i);
  claim(20);
  turn();
  EXPECT_EQ(journal_->writes, 1);
  step();
  EXPECT_THAT(said(), ElementsAre("accepted 1"));
  step();
  EXPECT_EQ(said().size(), 49u + 20u);
  EXPECT_EQ(journal_->writes, 2);
}

TEST_F(EmbeddedStoreTest, AWriteThatFailsIsMadeAgainItsWordsWaitAndNewJobsAreRefusedAtOnce) {
  accept(1);
  step(Outcome::failed);
  EXPECT_THAT(said(), ElementsAre("stalled: the disk is full"));
  EXPECT_TRUE(store_->stalled());
  accept(2);
  step(Outcome::failed);
  EXPECT_THAT(said(), ElementsAre("refused 2: busy"));
  step();
  EXPECT_THAT(said(), ElementsAre("stalled: ", "accepted 1"));
  EXPECT_FALSE(store_->stalled());
  EXPECT_TRUE(disk_->jobs.contains(job_id(1)));
}

TEST_F(EmbeddedStoreTest, WhatChangesWhileTheDiskIsFullIsWrittenAsItIsThen) {
  accept(1);
  step(Outcome::failed);
  end_queued(1, "cancelled");
  settle();
  EXPECT_THAT(said(), ElementsAre("stalled: the disk is full", "stalled: ", "accepted 1",
                                  "finished 1: cancelled", "1 is cancelled"));
  EXPECT_TRUE(disk_->jobs.empty());
  EXPECT_TRUE(disk_->answers.contains(job_id(1)));
}

TEST_F(EmbeddedStoreTest, AWriteThatOnlySeemedToFailIsNoOtherJob) {
  accept(1);
  end_queued(1, "cancelled");
  step(Outcome::good_but_told_failed);
  settle();
  find(1);
  settle();
  EXPECT_THAT(said(), ElementsAre("stalled: the disk is full", "stalled: ", "answered 1: cancelled",
                                  "1 is cancelled", "1 is cancelled"));
  EXPECT_EQ(store_->load().queued, 0u);
}

TEST_F(EmbeddedStoreTest, AJobThatIsFinishedIsAnsweredAndNeverHandedOut) {
  accept(1);
  claim(1);
  settle();
  finish(1, 1, "hello");
  settle();
  said();
  seats_.seats = 1;
  accept(1);
  claim();
  settle();
  EXPECT_THAT(said(), ElementsAre("answered 1: hello"));
  EXPECT_EQ(seats_.seats, 1u) << "its seat is free again";
  EXPECT_EQ(store_->load().running, 0u);
}

TEST_F(EmbeddedStoreTest, AFinishedJobThatIsClaimedWhileItIsBeingWrittenIsNotHandedOutEither) {
  accept(1);
  end_queued(1, "cancelled");
  settle();
  said();
  accept(1);
  turn();
  claim(1);
  settle();
  EXPECT_THAT(said(), ElementsAre("answered 1: cancelled"));
  EXPECT_EQ(seats_.seats, 1u);
  EXPECT_EQ(store_->load().running, 0u);
}

TEST_F(EmbeddedStoreTest, AFinishedJobThatIsEndedAgainKeepsItsAnswer) {
  accept(1);
  end_queued(1, "first");
  settle();
  said();
  accept(1);
  end_queued(1, "second");
  settle();
  EXPECT_THAT(said(), testing::UnorderedElementsAre("answered 1: first", "1 is first"));
  accept(1);
  turn();
  end_queued(1, "third");
  settle();
  EXPECT_THAT(said(), testing::UnorderedElementsAre("answered 1: first", "1 is first"));
}

TEST_F(EmbeddedStoreTest, WhoOwnsAFinishedJobIsNotMistakenForWhoSubmitsItsIdNow) {
  accept(1);
  end_queued(1, "hello");
  settle();
  said();
  accept(job(1, "bert"));
  accept(job(1, "anna"));
  turn();
  accept(job(1, "anna"));
  find(1);
  settle();
  EXPECT_THAT(said(), testing::UnorderedElementsAre("refused 1: duplicate_job", "answered 1: hello",
                                                    "answered 1: hello", "1 is hello"));
}

TEST_F(EmbeddedStoreTest, UnfinishedJobsComeBackAfterACrashInTheirOrder) {
  for (int i : {3, 1, 2, 4}) accept(i);
  claim(1);
  settle();
  said();
  start_again();
  EXPECT_THAT(said(), ElementsAre("recovered 3"));
  EXPECT_EQ(store_->load().queued, 3u);
  EXPECT_EQ(store_->load().queued_bytes, 300u);
  EXPECT_EQ(store_->load().running, 1u);
  claim(2);
  settle();
  EXPECT_THAT(said(), ElementsAre("claimed 1.1 source of 1", "claimed 2.1 source of 2"));
  requeue(3, 1);
  claim(1);
  settle();
  EXPECT_THAT(said(), ElementsAre("requeued", "claimed 3.2 source of 3")) << "it came before 4";
}

TEST_F(EmbeddedStoreTest, WhatWasBeingWrittenIsThereAsAWholeOrNotAtAll) {
  accept(1);
  accept(2);
  turn();
  start_again(false);
  EXPECT_EQ(store_->load().queued, 0u);
  accept(1);
  accept(2);
  turn();
  start_again(true);
  EXPECT_EQ(store_->load().queued, 2u);
  EXPECT_THAT(said(), IsEmpty());
}

TEST_F(EmbeddedStoreTest, AJobWhoseSourceIsGoneIsHandedOverWithoutIt) {
  accept(1);
  settle();
  start_again();
  disk_->jobs.at(job_id(1)).submit = nullptr;
  claim(1);
  settle();
  EXPECT_THAT(said(), ElementsAre("accepted 1", "claimed 1.1 nothing"));
}

TEST_F(EmbeddedStoreTest, AStoreThatGoesCallsNobody) {
  accept(1);
  find(9);
  turn();
  accept(2);
  store_.reset();
  turn();
  EXPECT_THAT(said(), IsEmpty());
}

}  // namespace
}  // namespace rota::portal
