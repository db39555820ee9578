// The state machine of a job, its bounds and its deadlines.

#include "tests/unit/portal/embedded_store_fixture.hpp"

namespace rota::portal {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(EmbeddedStoreTest, TheSameIdIsTheSameJobOfItsUser) {
  accept(1);
  accept(1);
  accept(job(1, "bert"));
  settle();
  EXPECT_THAT(said(), ElementsAre("accepted 1", "known 1", "refused 1: duplicate_job"));
  EXPECT_EQ(store_->load().queued, 1u);
}

TEST_F(EmbeddedStoreTest, OnlyTheAttemptThatRunsCanEndAJob) {
  accept(1);
  finish(1, 0, "while queued");
  settle();
  EXPECT_THAT(said(), ElementsAre("accepted 1", "not taken"));
  claim(1);
  settle();
  finish(1, 2, "of an attempt to come");
  requeue(1, 2);
  requeue(1, 1);
  finish(1, 1, "too late");
  settle();
  EXPECT_THAT(said(),
              ElementsAre("claimed 1.1 source of 1", "not taken", "not requeued", "requeued", "not taken"));
  claim(1);
  settle();
  finish(1, 1, "of the attempt before");
  finish(1, 2, "hello");
  finish(1, 2, "twice");
  requeue(1, 2);
  settle();
  EXPECT_THAT(said(), ElementsAre("claimed 1.2 source of 1", "not taken", "finished 1: hello", "taken",
                                  "not taken", "not requeued"));
  finish(1, 2, "of a job that is gone");
  settle();
  EXPECT_THAT(said(), ElementsAre("not taken"));
}

TEST_F(EmbeddedStoreTest, AJobThatComesBackStandsBeforeThoseThatCameLater) {
  for (int i : {1, 2, 3}) accept(i);
  claim(1);
  settle();
  requeue(1, 1);
  claim(2);
  settle();
  EXPECT_THAT(said(), ElementsAre("accepted 1", "accepted 2", "accepted 3", "claimed 1.1 source of 1",
                                  "requeued", "claimed 2.1 source of 2", "claimed 1.2 source of 1"))
      << "what is in memory is handed over at once, what has to be read comes a moment later";
}

TEST_F(EmbeddedStoreTest, AJobThatNobodyCanServeHoldsNobodyUp) {
  auto odd = job(1);
  odd.info.need = "nobody has it";
  accept(std::move(odd));
  accept(2);
  claim(5);
  settle();
  EXPECT_THAT(said(), ElementsAre("accepted 1", "accepted 2", "claimed 2.1 source of 2"));
  EXPECT_EQ(store_->load().queued, 1u);
}

TEST_F(EmbeddedStoreTest, EndQueuedTouchesNoJobThatRuns) {
  accept(1);
  claim(1);
  end_queued(1, "cancelled");
  settle();
  EXPECT_THAT(said(), ElementsAre("accepted 1", "claimed 1.1 source of 1", "1 is running"));
  end_queued(9, "cancelled");
  settle();
  EXPECT_THAT(said(), ElementsAre("no 9"));
}

TEST_F(EmbeddedStoreTest, FindTellsWhatIsTrueOnceItSpeaks) {
  find(1);
  settle();
  accept(1);
  find(1);
  settle();
  EXPECT_THAT(said(), ElementsAre("no 1", "accepted 1", "1 is queued"));
  claim(1);
  find(1);
  settle();
  finish(1, 1, "hello");
  find(1);
  settle();
  EXPECT_THAT(said(), ElementsAre("claimed 1.1 source of 1", "1 is running", "finished 1: hello", "taken",
                                  "1 is hello"));
  find(1);
  settle();
  EXPECT_THAT(said(), ElementsAre("1 is hello")) << "from the journal";
}

TEST_F(EmbeddedStoreTest, AJobThatIsOverdueInTheQueueIsToldOnce) {
  auto hurried = job(1);
  hurried.info.queue_until = UtcTime(100s);
  hurried.info.answer_until = UtcTime(200s);
  accept(std::move(hurried));
  auto patient = job(2);
  patient.info.answer_until = UtcTime(200s);
  accept(std::move(patient));
  settle();
  said();
  store_->tick(UtcTime(99s));
  EXPECT_THAT(said(), IsEmpty());
  store_->tick(UtcTime(100s));
  store_->tick(UtcTime(101s));
  settle();
  EXPECT_THAT(said(), ElementsAre("overdue 1", "finished 1: too late"));
  store_->tick(UtcTime(200s));
  EXPECT_THAT(said(), ElementsAre("overdue 2"));
}

TEST_F(EmbeddedStoreTest, AJobThatRunsIsNotOverdueInTheQueue) {
  auto hurried = job(1);
  hurried.info.queue_until = UtcTime(100s);
  accept(std::move(hurried));
  claim(1);
  settle();
  said();
  store_->tick(UtcTime(100s));
  EXPECT_THAT(said(), IsEmpty());
}

TEST_F(EmbeddedStoreTest, OldAnswersAreLookedForOnceAMinute) {
  bounds_.keep_answers = 2h;
  bounds_.kept_answer_bytes = 12345;
  start_again();
  store_->tick(UtcTime(10h));
  EXPECT_EQ(journal_->forgotten, std::pair(UtcTime(8h), std::uint64_t{12345}));
  store_->tick(UtcTime(10h + 59s));
  EXPECT_EQ(journal_->forgotten.first, UtcTime(8h));
  store_->tick(UtcTime(10h + 60s));
  EXPECT_EQ(journal_->forgotten.first, UtcTime(8h + 60s));
}

TEST_F(EmbeddedStoreTest, TheQueueHasABoundOfJobsOfBytesAndOfAUsersJobs) {
  bounds_ = {.jobs = 4, .bytes = 1000, .jobs_per_user = 2};
  start_again();
  for (int i : {1, 2, 3}) accept(i);
  settle();
  EXPECT_THAT(said(), ElementsAre("refused 3: busy", "accepted 1", "accepted 2"));
  auto large = job(4, "bert");
  large.info.bytes = 801;
  accept(large);
  large.info.bytes = 800;
  accept(large);
  accept(job(5, "carl"));
  settle();
  EXPECT_THAT(said(), ElementsAre("refused 4: busy", "refused 5: busy", "accepted 4"));
  accept(1);
  settle();
  EXPECT_THAT(said(), ElementsAre("known 1")) << "what is there needs no room";
  EXPECT_EQ(store_->load().queued_bytes, 1000u);
  claim(3);
  settle();
  EXPECT_EQ(store_->load().queued_bytes, 0u);
}

TEST_F(EmbeddedStoreTest, DifferentWishesHaveABoundSinceEachIsLookedAtForEachJob) {
  const int most = static_cast<int>(EmbeddedStore::kMaxLanes);
  for (int i = 1; i <= most + 1; ++i) {
    auto wish = job(i);
    wish.info.labels = {"label-" + std::to_string(std::min(i, most + 1))};
    accept(wish);
  }
  settle();
  EXPECT_THAT(said(), Contains("refused " + std::to_string(most + 1) + ": busy"));
  auto known_wish = job(most + 2);
  known_wish.info.labels = {"label-1"};
  accept(known_wish);
  settle();
  EXPECT_THAT(said(), ElementsAre("accepted " + std::to_string(most + 2)));
}

}  // namespace
}  // namespace rota::portal
