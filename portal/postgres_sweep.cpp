// PostgresStore: what happens by itself. Every second the session is renewed, and everything is looked for that should have
// been heard as a notification but may have been missed.

#include <algorithm>
#include <utility>

#include "portal/postgres/rows.hpp"
#include "portal/postgres/statements.hpp"
#include "portal/postgres_store.hpp"

namespace rota::portal {
namespace {

constexpr std::size_t kAnswersAtOnce = 100;       // each may be long
constexpr std::uint64_t kSweepsToReconcile = 10;  // of sweeps, one
constexpr std::uint64_t kSweepsToForgetSessions = 600;
constexpr std::chrono::minutes kForgetPeriod{1};
constexpr std::int64_t kForgottenAtOnce = 500;  // kForget's own bound

}  // namespace

void PostgresStore::open(StoreEvents events, std::function<void(std::vector<JobInfo>)> callback) {
  events_ = std::move(events);
  opened_ = std::move(callback);
  queue_.start({.greet = [this] { return greet(); },
                .on_connected = [this] { connected(); },
                .on_notification = [this](const std::string& channel,
                                          const std::string& payload) { notified(channel, payload); },
                .on_stalled = events_.on_stalled});
}

std::vector<std::string> PostgresStore::held_ids() const {
  std::vector<std::string> ids(adopting_.begin(), adopting_.end());
  for (const auto& [id, held] : held_) ids.push_back(id);
  return ids;
}

// A claim may have been carried out whose answer was lost: those jobs are nobody's. Jobs that others have taken for lost,
// since this session was silent for long, and not begun anew, go on.
PostgresGroup PostgresStore::greet() const {
  std::vector<std::string> ids, attempts;
  for (const auto& [id, held] : held_) {
    ids.push_back(id);
    attempts.push_back(std::to_string(held.info.attempt));
  }
  return {{&kBeat, {session_, settings_.portal_name}},
          {&kTakeBack, {session_, array_text(ids), array_text(attempts)}},
          {&kGiveBack, {session_, array_text(held_ids())}}};
}

void PostgresStore::connected() {
  connected_at_ = now().monotonic;
  is_sweeping_ = false;
  sweep_timer_.every(settings_.sweep, [this] { sweep(); });
  sweep();
  look_for_all_answers();
  // A new session has claimed nothing; nodes of an earlier life tell what they have, and it is adopted.
  if (opened_) std::exchange(opened_, {})({});
}

void PostgresStore::notified(const std::string& channel, const std::string& payload) {
  if (channel == kReadyChannel) {
    note_lane(payload);
    events_.on_ready();
  } else if (channel == kFinishedChannel) {
    if (awaited_.contains(payload)) look_for_answers({payload});
  } else if (channel == kCancelChannel && payload == session_) {
    look_for_cancels();
  }
}

// Others are judged only once every portal has had the time to come back, where the database itself was away.
void PostgresStore::sweep() {
  if (is_sweeping_ || !queue_.is_connected()) return;
  is_sweeping_ = true;
  ++sweeps_;
  PostgresGroup calls{
      {&kBeat, {session_, settings_.portal_name}}, {&kCounts, {}}, {&kLanes, {}}, {&kCancels, {session_}}};
  if (now().monotonic - connected_at_ > settings_.grace)
    calls.push_back({&kTakeFromDead, {session_, settings_.grace.count()}});
  if (sweeps_ % kSweepsToForgetSessions == 0) calls.push_back({&kForgetSessions, {}});
  queue_.run(std::move(calls), [this](const PostgresOutcome& outcome) {
    is_sweeping_ = false;
    if (outcome.problem.empty()) swept(outcome);
  });
  if (sweeps_ % kSweepsToReconcile == 0) reconcile();
}

void PostgresStore::swept(const PostgresOutcome& outcome) {
  take_counts(outcome.results[1]);
  const PostgresResult& lanes = outcome.results[2];
  for (int row = 0; row < lanes.rows(); ++row) note_lane(std::string(lanes.text(row, 0)));
  take_cancels(outcome.results[3]);
  const bool has_taken = outcome.results.size() > 4 && outcome.results[4].rows() > 0;
  auto next = awaited_.upper_bound(looked_up_to_);
  std::vector<std::string> some;
  for (; next != awaited_.end() && some.size() < kAnswersAtOnce; ++next) some.push_back(*next);
  looked_up_to_ = some.size() < kAnswersAtOnce ? "" : some.back();
  look_for_answers(std::move(some));
  if (lanes.rows() > 0 || has_taken) events_.on_ready();
}

void PostgresStore::take_counts(const PostgresResult& rows) {
  load_ = {};
  queued_of_user_.clear();
  for (int row = 0; row < rows.rows(); ++row) {
    const auto jobs = static_cast<std::uint64_t>(rows.integer(row, 2));
    if (rows.integer(row, 0) != 0) {
      load_.running = jobs;
      continue;
    }
    load_.queued += jobs;
    load_.queued_bytes += static_cast<std::uint64_t>(rows.integer(row, 3));
    queued_of_user_.emplace(rows.text(row, 1), jobs);
  }
}

void PostgresStore::look_for_cancels() {
  queue_.run({{&kCancels, {session_}}}, [this](const PostgresOutcome& outcome) {
    if (outcome.problem.empty()) take_cancels(outcome.results[0]);
  });
}

// Told once for each attempt.
void PostgresStore::take_cancels(const PostgresResult& rows) {
  for (int row = 0; row < rows.rows(); ++row) {
    const auto held = held_.find(std::string(rows.text(row, 0)));
    if (held == held_.end() || std::exchange(held->second.is_cancel_told, true)) continue;
    events_.on_cancel(held->first, std::string(rows.text(row, 1)));
  }
}

void PostgresStore::look_for_answers(std::vector<std::string> jobs) {
  if (jobs.empty()) return;
  queue_.run({{&kAnswers, {array_text(jobs)}}}, [this](const PostgresOutcome& outcome) {
    if (!outcome.problem.empty()) return;
    const PostgresResult& rows = outcome.results[0];
    for (int row = 0; row < rows.rows(); ++row) {
      const std::string job(rows.text(row, 0));
      // Gone where a call that was answered before has told it.
      if (awaited_.erase(job) > 0) events_.on_finished(job, answer_of_text(job, rows.text(row, 1)));
    }
  });
}

void PostgresStore::look_for_all_answers() {
  std::vector<std::string> some;
  for (const std::string& job : awaited_) {
    some.push_back(job);
    if (some.size() == kAnswersAtOnce) look_for_answers(std::exchange(some, {}));
  }
  look_for_answers(std::move(some));
}

void PostgresStore::tick(UtcTime now) {
  if (!queue_.is_connected() || std::exchange(looks_for_overdue_, true)) return;
  queue_.run({{&kOverdue, {count_of(now)}}}, [this](const PostgresOutcome& outcome) {
    looks_for_overdue_ = false;
    if (!outcome.problem.empty()) return;
    const PostgresResult& rows = outcome.results[0];
    for (int row = 0; row < rows.rows(); ++row) events_.on_overdue(job_of_row(rows, row, 0, 1));
  });
  if (now - forgotten_ < kForgetPeriod) return;
  forgotten_ = now;
  forget(now - bounds_.keep_answers);
  queue_.run({{&kAboveBytes, {bounds_.kept_answer_bytes}}}, [this](const PostgresOutcome& outcome) {
    if (!outcome.problem.empty() || outcome.results[0].rows() == 0) return;
    forget(UtcTime(Nanoseconds(outcome.results[0].integer(0, 0) + 1)));
  });
}

// A few at a time, with what others ask in between.
void PostgresStore::forget(UtcTime before) {
  queue_.run({{&kForget, {count_of(before)}}}, [this, before](const PostgresOutcome& outcome) {
    if (outcome.problem.empty() && outcome.results[0].changed() == kForgottenAtOnce) forget(before);
  });
}

}  // namespace rota::portal
