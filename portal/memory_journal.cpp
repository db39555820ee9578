#include "portal/memory_journal.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "protocol/job_id.hpp"

namespace rota::portal {
namespace {

// Of an answer beside its outputs, roughly.
constexpr std::uint64_t kBytesApart = 1024;

std::uint64_t bytes_of(const protocol::Packet& answer) {
  const auto* result = std::get_if<protocol::Result>(&answer);
  if (result == nullptr) return kBytesApart;
  return kBytesApart * (1 + result->events.size()) + result->stdout_bytes.size() +
         result->stderr_bytes.size() + result->compiler_output.size();
}

}  // namespace

MemoryJournal::MemoryJournal(net::Loop& loop, std::uint64_t max_answer_bytes)
    : cluster_(protocol::make_job_id(now().utc)), max_answer_bytes_(max_answer_bytes), next_turn_(loop) {}

void MemoryJournal::write(std::vector<JournalEntry> entries, std::function<void(const Written&)> done) {
  Written written;
  for (auto& entry : entries) {
    if (is_known(entry)) {
      written.known.push_back(entry.info.id);
    } else {
      keep(std::move(entry));
    }
  }
  forget_above(max_answer_bytes_);
  next_turn_.call([done = std::move(done), written = std::move(written)] { done(written); });
}

bool MemoryJournal::is_known(const JournalEntry& entry) const {
  return entry.submit && answers_.contains(entry.info.id);
}

void MemoryJournal::keep(JournalEntry entry) {
  if (entry.state == JobState::finished) return keep_answer(std::move(entry));
  if (!entry.submit) return;
  submits_[entry.info.id] = std::move(entry.submit);
}

void MemoryJournal::keep_answer(JournalEntry entry) {
  if (!entry.answer) throw std::logic_error("job " + entry.info.id + " is finished without an answer");
  const std::string job = entry.info.id;
  submits_.erase(job);
  drop_answer(job);
  const std::uint64_t bytes = bytes_of(*entry.answer);
  answers_[job] = {
      {std::move(entry.info), std::move(entry.answer)}, bytes, by_age_.emplace(entry.finished, job)};
  answer_bytes_ += bytes;
}

void MemoryJournal::drop_answer(const std::string& job) {
  const auto kept = answers_.find(job);
  if (kept == answers_.end()) return;
  answer_bytes_ -= kept->second.bytes;
  by_age_.erase(kept->second.by_age);
  answers_.erase(kept);
}

void MemoryJournal::load_submit(const std::string& job,
                                std::function<void(std::shared_ptr<const protocol::Submit>)> done) {
  const auto kept = submits_.find(job);
  auto submit = kept == submits_.end() ? nullptr : kept->second;
  next_turn_.call([done = std::move(done), submit = std::move(submit)] { done(submit); });
}

void MemoryJournal::load_finished(const std::string& job, std::function<void(std::optional<Finished>)> done) {
  const auto kept = answers_.find(job);
  std::optional<Finished> finished;
  if (kept != answers_.end()) finished = kept->second.finished;
  next_turn_.call([done = std::move(done), finished = std::move(finished)] { done(finished); });
}

void MemoryJournal::forget(UtcTime before, std::uint64_t max_bytes) {
  while (!by_age_.empty() && by_age_.begin()->first < before)
    drop_answer(std::string(by_age_.begin()->second));
  forget_above(std::min(max_bytes, max_answer_bytes_));
}

void MemoryJournal::forget_above(std::uint64_t max_bytes) {
  while (answer_bytes_ > max_bytes) drop_answer(std::string(by_age_.begin()->second));
}

}  // namespace rota::portal
