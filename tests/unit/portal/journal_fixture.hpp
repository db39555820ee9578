#pragma once
// Jobs to keep, and a loop that runs until the journal has answered.

#include <gmock/gmock.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/temp_dir.hpp"
#include "net/loop.hpp"
#include "portal/sqlite_journal.hpp"

namespace rota::portal {

// A job id with this number in it.
inline std::string job_id(int number) {
  std::string digits = std::to_string(number);
  return "01938c6e-5a00-7abc-8def-" + std::string(12 - digits.size(), '0') + digits;
}

inline std::shared_ptr<const protocol::Submit> submit_of(const std::string& job,
                                                         std::string source = "int main(){}") {
  protocol::Submit submit;
  submit.job = job;
  submit.file_name = "a.c";
  submit.source = std::move(source);
  return std::make_shared<const protocol::Submit>(std::move(submit));
}

inline std::shared_ptr<const protocol::Packet> answer_of(const std::string& job,
                                                         std::string output = "hello") {
  protocol::Result result;
  result.job = job;
  result.verdict = protocol::Verdict::AC;
  result.returncode = 0;
  result.stdout_bytes = std::move(output);
  return std::make_shared<const protocol::Packet>(std::move(result));
}

inline JournalEntry queued(int number, std::string source = "int main(){}") {
  JournalEntry entry;
  entry.info.id = job_id(number);
  entry.info.user = "anna";
  entry.info.received = UtcTime(std::chrono::seconds(1'000'000 + number));
  entry.submit = submit_of(entry.info.id, std::move(source));
  return entry;
}

inline JournalEntry running(int number, std::uint32_t attempt = 1) {
  JournalEntry entry = queued(number);
  entry.submit = nullptr;
  entry.state = JobState::running;
  entry.info.attempt = attempt;
  entry.info.node = "node-1";
  return entry;
}

inline JournalEntry finished(int number, std::string output = "hello") {
  JournalEntry entry = running(number);
  entry.state = JobState::finished;
  entry.answer = answer_of(entry.info.id, std::move(output));
  entry.finished = entry.info.received + std::chrono::hours(1);
  return entry;
}

// What a journal says, awaited.
class AwaitedJournal {
 public:
  AwaitedJournal(net::Loop& loop, Journal& journal) : loop_(loop), journal_(journal) {}

  std::string write(std::vector<JournalEntry> entries) {
    Journal::Written told{"not called", {}};
    journal_.write(std::move(entries), [&](const Journal::Written& written) { told = written; });
    loop_.run();
    known_ = told.known;
    return told.problem;
  }
  std::shared_ptr<const protocol::Submit> submit(int number) {
    std::shared_ptr<const protocol::Submit> found;
    journal_.load_submit(job_id(number), [&](auto submit) { found = std::move(submit); });
    loop_.run();
    return found;
  }
  std::optional<Journal::Finished> finished(int number) {
    std::optional<Journal::Finished> found;
    journal_.load_finished(job_id(number), [&](auto answer) { found = std::move(answer); });
    loop_.run();
    return found;
  }

  // Of the last write.
  const std::vector<std::string>& known() const { return known_; }

 private:
  net::Loop& loop_;
  Journal& journal_;
  std::vector<std::string> known_;
};

class SqliteJournalTest : public ::testing::Test {
 protected:
  SqliteJournalTest() { reopen(); }

  void reopen() {
    close();
    journal_ = std::make_unique<SqliteJournal>(
        loop_, file_, [this](const std::string& text) { warnings_.push_back(text); });
    awaited_ = std::make_unique<AwaitedJournal>(loop_, *journal_);
  }
  void close() {
    awaited_.reset();
    journal_.reset();
  }
  std::vector<std::string> recovered() {
    std::vector<std::string> ids;
    for (const auto& entry : journal_->recover()) ids.push_back(entry.info.id);
    return ids;
  }
  // As somebody else would see or change it, while no journal has it.
  std::int64_t number(const std::string& query) {
    SqliteDatabase database(file_, "");
    SqliteStatement statement(database, query);
    SqliteRows rows = statement.query();
    return rows.next() ? rows.integer(0) : -1;
  }
  void change(const std::string& statements) { SqliteDatabase(file_, "").run(statements); }

  TempDir dir_{"rota-journal-"};
  std::filesystem::path file_ = dir_.path() / "jobs.db";
  std::vector<std::string> warnings_;
  net::Loop loop_;
  std::unique_ptr<SqliteJournal> journal_;
  std::unique_ptr<AwaitedJournal> awaited_;
};

}  // namespace rota::portal
