// What is written is there after a restart, once, and goes when it is not wanted any more.

#include <sys/stat.h>

#include "net/timer.hpp"
#include "portal/job_text.hpp"
#include "protocol/bounds.hpp"
#include "protocol/limits.hpp"
#include "tests/unit/portal/journal_fixture.hpp"

namespace rota::portal {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

JobInfo full_job() {
  JobInfo job;
  job.id = job_id(7);
  job.user = "anna";
  job.need = "c++";
  job.labels = {"gpu", "room=12"};
  job.schedule = protocol::Schedule::round_robin;
  job.priority = 9;
  job.received = UtcTime(1'234'567'890'123'456'789ns);
  job.queue_until = job.received + 1h;
  job.answer_until = job.received + 2h;
  job.bytes = 12;
  job.waits_for_nodes = true;
  job.attempt = 3;
  job.node = "node-1";
  job.events = {{.time = job.received,
                 .offset = 5ns,
                 .host = "portal",
                 .job = job.id,
                 .name = "received",
                 .fields = {{"bytes", std::int64_t{12}}, {"client", "pc"}},
                 .sequence = 1,
                 .attempt = 0}};
  return job;
}

TEST(JobText, HoldsEverything) {
  const JobInfo job = full_job();
  const JobInfo read = job_from_text(to_text(job));
  EXPECT_EQ(read.id, job.id);
  EXPECT_EQ(read.user, job.user);
  EXPECT_EQ(read.need, job.need);
  EXPECT_EQ(read.labels, job.labels);
  EXPECT_EQ(read.schedule, job.schedule);
  EXPECT_EQ(read.priority, job.priority);
  EXPECT_EQ(read.received, job.received);
  EXPECT_EQ(read.queue_until, job.queue_until);
  EXPECT_EQ(read.answer_until, job.answer_until);
  EXPECT_EQ(read.bytes, job.bytes);
  EXPECT_EQ(read.waits_for_nodes, job.waits_for_nodes);
  EXPECT_EQ(read.attempt, job.attempt);
  EXPECT_EQ(read.node, job.node);
  EXPECT_EQ(read.events, job.events);
}

TEST(JobText, OfALowestPriorityIsRead) {
  JobInfo job = full_job();
  job.priority = 0;
  job.queue_until = std::nullopt;
  const JobInfo read = job_from_text(to_text(job));
  EXPECT_EQ(read.priority, 0u);
  EXPECT_EQ(read.queue_until, std::nullopt);
}

TEST(JobText, RefusesWhatItDidNotWrite) {
  EXPECT_THROW(job_from_text("{}"), protocol::ProtocolError);
  EXPECT_THROW(job_from_text("[1"), protocol::ProtocolError);
  std::string text = to_text(full_job());
  text.insert(1, R"("more":1,)");
  EXPECT_THROW(job_from_text(text), protocol::ProtocolError);
}

TEST_F(SqliteJournalTest, KeepsUnfinishedJobsOverARestart) {
  ASSERT_EQ(awaited_->write({queued(2), queued(1), queued(3)}), "");
  ASSERT_EQ(awaited_->write({running(3, 2)}), "");
  reopen();
  const auto entries = journal_->recover();
  ASSERT_EQ(entries.size(), 3u);
  EXPECT_EQ(entries[0].info.id, job_id(1)) << "the oldest is first";
  EXPECT_EQ(entries[0].state, JobState::queued);
  EXPECT_EQ(entries[2].info.id, job_id(3));
  EXPECT_EQ(entries[2].state, JobState::running);
  EXPECT_EQ(entries[2].info.attempt, 2u);
  EXPECT_EQ(entries[2].info.node, "node-1");
  ASSERT_TRUE(awaited_->submit(3));
  EXPECT_EQ(*awaited_->submit(3), *submit_of(job_id(3)));
}

TEST_F(SqliteJournalTest, KeepsAnswersOverARestartAndThenNoSubmission) {
  ASSERT_EQ(awaited_->write({queued(1)}), "");
  ASSERT_EQ(awaited_->write({finished(1)}), "");
  reopen();
  EXPECT_THAT(recovered(), IsEmpty());
  const auto found = awaited_->finished(1);
  ASSERT_TRUE(found);
  EXPECT_EQ(*found->answer, *answer_of(job_id(1)));
  EXPECT_EQ(found->info.user, "anna");
  EXPECT_EQ(awaited_->submit(1), nullptr);
  EXPECT_FALSE(awaited_->finished(2));
}

TEST_F(SqliteJournalTest, TakesTheSameEntriesAgain) {
  const std::vector<JournalEntry> entries{queued(1), running(1), finished(2),
                                          queued(3, std::string(200'000, 'x'))};
  ASSERT_EQ(awaited_->write(entries), "");
  ASSERT_EQ(awaited_->write(entries), "");
  EXPECT_THAT(recovered(), ElementsAre(job_id(1), job_id(3)));
  EXPECT_TRUE(awaited_->finished(2));
  EXPECT_TRUE(awaited_->submit(3));
}

TEST_F(SqliteJournalTest, WritesAJobThatIsNewAndFinishedAtOnce) {
  JournalEntry entry = finished(1);
  entry.submit = submit_of(entry.info.id);
  ASSERT_EQ(awaited_->write({entry}), "");
  EXPECT_THAT(recovered(), IsEmpty());
  EXPECT_TRUE(awaited_->finished(1));
}

TEST_F(SqliteJournalTest, AJobThatHasAnAnswerIsNotMadeAgain) {
  ASSERT_EQ(awaited_->write({queued(1, std::string(100'000, 'a'))}), "");
  ASSERT_EQ(awaited_->write({finished(1)}), "");
  ASSERT_EQ(awaited_->write({queued(1, "again"), queued(2, "new")}), "");
  EXPECT_THAT(awaited_->known(), ElementsAre(job_id(1)));
  EXPECT_TRUE(awaited_->finished(1));
  EXPECT_FALSE(awaited_->submit(1));
  EXPECT_EQ(awaited_->submit(2)->source, "new");
}

TEST_F(SqliteJournalTest, KeepsEqualLargeSubmissionsOnce) {
  const std::string source(3'000'000, 'x');
  ASSERT_EQ(awaited_->write({queued(1, source)}), "");
  close();
  const auto pieces = number("SELECT count(*) FROM payload");
  EXPECT_GE(pieces, 11);
  reopen();
  ASSERT_EQ(awaited_->write({queued(2, source), queued(3, source)}), "");
  close();
  EXPECT_EQ(number("SELECT count(*) FROM payload"), pieces);
  reopen();
  EXPECT_EQ(*awaited_->submit(2), *submit_of(job_id(2), source));
  ASSERT_EQ(awaited_->write({finished(1), finished(3)}), "");
  EXPECT_EQ(*awaited_->submit(2), *submit_of(job_id(2), source));
  ASSERT_EQ(awaited_->write({finished(2)}), "");
  close();
  EXPECT_EQ(number("SELECT count(*) FROM payload"), 0);
  EXPECT_EQ(number("SELECT count(*) FROM job"), 0);
}

TEST_F(SqliteJournalTest, HoldsTheLargestPackets) {
  ASSERT_EQ(awaited_->write({queued(1, std::string(protocol::kMaxSourceBytes, '\xff'))}), "");
  ASSERT_TRUE(awaited_->submit(1));
  EXPECT_EQ(awaited_->submit(1)->source.size(), protocol::kMaxSourceBytes);
  const std::size_t most = protocol::kWireMaxima.output_bytes;
  ASSERT_EQ(awaited_->write({finished(1, std::string(most, '\xff'))}), "");
  const auto found = awaited_->finished(1);
  ASSERT_TRUE(found);
  EXPECT_EQ(std::get<protocol::Result>(*found->answer).stdout_bytes.size(), most);
}

TEST_F(SqliteJournalTest, HasOneUuidForLife) {
  const std::string cluster = journal_->cluster();
  EXPECT_EQ(cluster.size(), 36u);
  reopen();
  EXPECT_EQ(journal_->cluster(), cluster);
}

TEST_F(SqliteJournalTest, IsReadableByItsOwnerOnly) {
  for (const char* end : {"", "-wal"}) {
    struct stat status {};
    ASSERT_EQ(::stat((file_.string() + end).c_str(), &status), 0) << end;
    EXPECT_EQ(status.st_mode & 07777, 0600u) << end;
  }
}

TEST_F(SqliteJournalTest, WritesWhatItWasGivenBeforeItGoesAndCallsNobody) {
  int calls = 0;
  for (int i = 1; i <= 50; ++i) journal_->write({queued(i)}, [&](const Journal::Written&) { ++calls; });
  reopen();
  loop_.run();
  EXPECT_EQ(calls, 0);
  EXPECT_EQ(recovered().size(), 50u);
}

TEST_F(SqliteJournalTest, CallsBackInOrder) {
  std::vector<int> order;
  journal_->write({queued(1)}, [&](const Journal::Written&) { order.push_back(1); });
  journal_->load_submit(job_id(1), [&](auto submit) { order.push_back(submit ? 2 : -2); });
  journal_->write({finished(1)}, [&](const Journal::Written&) { order.push_back(3); });
  journal_->load_finished(job_id(1), [&](auto found) { order.push_back(found ? 4 : -4); });
  EXPECT_THAT(order, IsEmpty());
  loop_.run();
  EXPECT_THAT(order, ElementsAre(1, 2, 3, 4));
}

class SqliteJournalForgets : public SqliteJournalTest {
 protected:
  // Looks for the answer now and then, so that the worker is idle in between.
  void run_until_forgotten(int number) {
    net::Timer look(loop_);
    look.every(net::Worker::kIdleAfter * 2, [&] {
      journal_->load_finished(job_id(number), [&](auto found) {
        if (!found) look.stop();
      });
    });
    loop_.run();
  }
};

TEST_F(SqliteJournalForgets, AnswersThatAreOld) {
  std::vector<JournalEntry> entries;
  for (int i = 1; i <= 200; ++i) entries.push_back(finished(i));
  ASSERT_EQ(awaited_->write(entries), "");
  journal_->forget(entries[149].finished, 1 << 30);
  run_until_forgotten(149);
  EXPECT_FALSE(awaited_->finished(1));
  EXPECT_TRUE(awaited_->finished(150));
  EXPECT_TRUE(awaited_->finished(200));
}

TEST_F(SqliteJournalForgets, TheOldestAnswersAboveTheBound) {
  std::vector<JournalEntry> entries;
  for (int i = 1; i <= 100; ++i) entries.push_back(finished(i, std::string(10'000, 'x')));
  ASSERT_EQ(awaited_->write(entries), "");
  journal_->forget(UtcTime{}, 500'000);
  run_until_forgotten(50);
  EXPECT_FALSE(awaited_->finished(1));
  EXPECT_TRUE(awaited_->finished(60));
  EXPECT_TRUE(awaited_->finished(100));
}

TEST_F(SqliteJournalForgets, NothingBeforeOtherWorkIsDone) {
  ASSERT_EQ(awaited_->write({finished(1)}), "");
  journal_->forget(UtcTime::max(), 0);
  EXPECT_TRUE(awaited_->finished(1));
  run_until_forgotten(1);
}

}  // namespace
}  // namespace rota::portal
