// What goes to the journal when, and what waits for it.
#include <utility>

#include "portal/embedded_store.hpp"

namespace rota::portal {

void EmbeddedStore::touch(Job& job) {
  if (std::exchange(job.is_dirty, true)) return;
  dirty_.push_back(job.info.id);
  flush_later();  // who waits for it says so
}

void EmbeddedStore::then(std::function<void()> step) {
  next_steps_.push_back(std::move(step));
  flush_soon();
}

void EmbeddedStore::flush_soon() {
  flush_within(std::chrono::milliseconds(0));
}

// A short job is over by then, and is written once instead of twice.
void EmbeddedStore::flush_later() {
  flush_within(kLaterWrite);
}

// A flush that is due sooner stays.
void EmbeddedStore::flush_within(std::chrono::milliseconds time) {
  if (is_writing_ || (flush_due_ && *flush_due_ <= time)) return;
  flush_due_ = time;
  turn_.once(time, [this] { flush(); });
}

void EmbeddedStore::flush() {
  flush_due_.reset();
  if (is_writing_) return;
  steps_.insert(steps_.end(), std::make_move_iterator(next_steps_.begin()),
                std::make_move_iterator(next_steps_.end()));
  next_steps_.clear();
  std::vector<std::string> ids = std::exchange(dirty_, {});
  if (ids.empty()) return written({}, {});
  is_writing_ = true;
  std::vector<JournalEntry> entries;
  for (const auto& id : ids) {
    Job& job = jobs_.at(id);
    job.is_dirty = false;
    // No attempt begins before the journal that knows the job knows it.
    if (job.state == JobState::queued) job.is_early = false;
    entries.push_back({.info = job.info, .state = job.state, .submit = nullptr, .answer = job.answer});
    if (!job.is_known_to_journal) entries.back().submit = job.submit;
    if (job.state == JobState::finished) entries.back().finished = now().utc;
  }
  journal_->write(std::move(entries),
                  [this, ids = std::move(ids)](const Journal::Written& outcome) { written(ids, outcome); });
}

void EmbeddedStore::written(const std::vector<std::string>& ids, const Journal::Written& outcome) {
  is_writing_ = false;
  if (!outcome.problem.empty()) return write_again(ids, outcome.problem);
  if (std::exchange(stalled_, false)) events_.on_stalled("");
  known_before_ = std::exchange(known_, {});
  for (const auto& id : outcome.known) drop_known(id);
  for (const auto& id : ids) settle(id);
  const auto steps = std::exchange(steps_, {});
  for (const auto& step : steps) step();
  if (!next_steps_.empty()) return flush_soon();
  if (!dirty_.empty()) flush_later();
}

void EmbeddedStore::write_again(const std::vector<std::string>& ids, const std::string& problem) {
  for (const auto& id : ids) {
    Job& job = jobs_.at(id);
    if (!std::exchange(job.is_dirty, true)) dirty_.push_back(id);
  }
  is_writing_ = true;  // nothing is written before the pause is over
  retry_.once(bounds_.write_retry, [this] {
    is_writing_ = false;
    flush();
  });
  if (!std::exchange(stalled_, true)) events_.on_stalled(problem);
}

// A job that seemed new was finished before: it goes as it came, and whoever has asked for something that has to do with it
// is answered by what the journal has.
void EmbeddedStore::drop_known(const std::string& id) {
  const auto found = jobs_.find(id);
  Job& job = found->second;
  known_.insert(job.order);
  if (job.state == JobState::queued) dequeue(job);
  if (job.state == JobState::running) {
    --running_;
    queue_.ended(job.info.user);
  }
  if (job.is_dirty) std::erase(dirty_, id);
  jobs_.erase(found);
}

// What the journal has now need not be kept here.
void EmbeddedStore::settle(const std::string& id) {
  const auto found = jobs_.find(id);
  if (found == jobs_.end()) return;
  Job& job = found->second;
  job.is_known_to_journal = true;
  if (job.is_dirty) return;
  if (job.state != JobState::queued) job.submit = nullptr;
  if (job.state == JobState::finished) jobs_.erase(found);
}

}  // namespace rota::portal
