#pragma once
// A journal that does nothing before its test says so, and fails when told to. What it has outlives it, as a disk does, so
// that a test can start a portal again over it.

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "portal/journal.hpp"

namespace rota::portal {

// What is on the disk.
struct JournalDisk {
  std::string cluster = "01938c6e-5a00-7abc-8def-00000000c105";
  std::map<std::string, JournalEntry> jobs;  // unfinished, each with its submit
  std::map<std::string, Journal::Finished> answers;
};

class ScriptedJournal : public Journal {
 public:
  // What becomes of a write: done; not done; done, but told as not done.
  enum class Outcome { good, failed, good_but_told_failed };

  explicit ScriptedJournal(std::shared_ptr<JournalDisk> disk) : disk_(std::move(disk)) {}

  const std::string& cluster() const override { return disk_->cluster; }

  std::vector<JournalEntry> recover() override {
    std::vector<JournalEntry> entries;
    for (const auto& [id, entry] : disk_->jobs) entries.push_back(entry);
    std::stable_sort(entries.begin(), entries.end(), [](const JournalEntry& a, const JournalEntry& b) {
      return a.info.received < b.info.received;
    });
    for (JournalEntry& entry : entries) entry.submit = nullptr;
    return entries;
  }

  void write(std::vector<JournalEntry> entries, std::function<void(const Written&)> done) override {
    ++writes;
    writes_.push_back(std::move(entries));
    steps_.push_back([this, done = std::move(done)](Outcome outcome) {
      const auto handed_in = std::move(writes_.front());
      writes_.pop_front();
      if (outcome == Outcome::failed) return done({"the disk is full", {}});
      const Written written = keep(handed_in);
      done(outcome == Outcome::good ? written : Written{"the disk is full", {}});
    });
  }
  void load_submit(const std::string& job,
                   std::function<void(std::shared_ptr<const protocol::Submit>)> done) override {
    steps_.push_back([this, job, done = std::move(done)](Outcome) {
      const auto found = disk_->jobs.find(job);
      done(found == disk_->jobs.end() ? nullptr : found->second.submit);
    });
  }
  bool may_know(const std::string& job) const override { return disk_->answers.contains(job); }
  void load_finished(const std::string& job, std::function<void(std::optional<Finished>)> done) override {
    steps_.push_back([this, job, done = std::move(done)](Outcome) {
      const auto found = disk_->answers.find(job);
      done(found == disk_->answers.end() ? std::nullopt : std::optional(found->second));
    });
  }
  void forget(UtcTime before, std::uint64_t max_bytes) override { forgotten = {before, max_bytes}; }

  bool is_idle() const { return steps_.empty(); }
  // Does the next of what it was asked for, and says so.
  void step(Outcome outcome = Outcome::good) {
    const auto next = std::move(steps_.front());
    steps_.pop_front();
    next(outcome);
  }
  // A crash: nobody hears of what it was asked for. Of a write that was under way, all or nothing is there.
  void crash(bool is_written) {
    if (is_written && !writes_.empty()) keep(writes_.front());
    writes_.clear();
    steps_.clear();
  }

  int writes = 0;
  std::pair<UtcTime, std::uint64_t> forgotten{};

 private:
  Written keep(const std::vector<JournalEntry>& entries) {
    Written written;
    for (const JournalEntry& entry : entries) {
      if (entry.submit && disk_->answers.contains(entry.info.id)) {
        written.known.push_back(entry.info.id);
      } else {
        keep(entry);
      }
    }
    return written;
  }
  void keep(const JournalEntry& entry) {
    const std::string& id = entry.info.id;
    if (entry.state == JobState::finished) {
      disk_->jobs.erase(id);
      disk_->answers[id] = {entry.info, entry.answer};
      return;
    }
    JournalEntry& kept = disk_->jobs[id];
    auto submit = entry.submit ? entry.submit : kept.submit;
    kept = entry;
    kept.submit = std::move(submit);
  }

  std::shared_ptr<JournalDisk> disk_;
  std::deque<std::vector<JournalEntry>> writes_;  // of those steps that are writes
  std::deque<std::function<void(Outcome)>> steps_;
};

}  // namespace rota::portal
