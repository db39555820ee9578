#include "portal/postgres_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "portal/job_text.hpp"
#include "portal/postgres/rows.hpp"
#include "portal/postgres/statements.hpp"
#include "protocol/conversion.hpp"
#include "protocol/job_id.hpp"

namespace rota::portal {

using protocol::ErrorCode;

namespace {

Refused refusal(ErrorCode code, const std::string& job, const std::string& message) {
  return {
      {.code = code, .job = job, .where = code == ErrorCode::duplicate_job ? "job" : "", .message = message}};
}

PostgresValue overdue_of(const JobInfo& job) {
  if (job.queue_until && job.answer_until) return count_of(std::min(*job.queue_until, *job.answer_until));
  if (!job.queue_until && !job.answer_until) return std::nullopt;
  return count_of(job.queue_until ? *job.queue_until : *job.answer_until);
}

PostgresCall accept_call(const NewJob& job) {
  const JobInfo& info = job.info;
  return {&kAccept,
          {info.id, info.user, lane_of(info), info.priority, count_of(info.received), overdue_of(info),
           info.bytes, to_text(info), protocol::to_json(*job.submit)}};
}

// Why an answer ends a job, for the portal that runs it.
std::string reason_of(const Answer& answer) {
  if (const auto* result = std::get_if<protocol::Result>(answer.packet.get())) return result->message;
  if (const auto* error = std::get_if<protocol::Error>(answer.packet.get())) return error->message;
  return "";
}

}  // namespace

PostgresStore::PostgresStore(net::Loop& loop, PostgresSettings settings, StoreBounds bounds)
    : settings_(std::move(settings)),
      bounds_(bounds),
      session_(protocol::make_job_id(now().utc)),
      next_turn_(loop),
      sweep_timer_(loop),
      queue_(loop, settings_.url) {}

// A job that is there already is answered for also where there is no room for new ones.
void PostgresStore::accept(NewJob job, std::function<void(AcceptOutcome)> callback) {
  const std::string id = job.info.id;
  if (queue_.is_stalled()) {
    const Refused refused =
        refusal(ErrorCode::busy, id, "the portal cannot reach its database just now; try again later");
    return next_turn_.call([callback = std::move(callback), refused] { callback(refused); });
  }
  awaited_.insert(id);
  const auto refused = refusal_of(job.info);
  PostgresGroup calls;
  if (!refused) calls.push_back(accept_call(job));
  calls.push_back({&kLook, {id}});
  const Refused otherwise =
      refused.value_or(refusal(ErrorCode::internal, id, "the database did not take the job"));
  queue_.run(std::move(calls),
             [this, info = std::move(job.info), otherwise, callback = std::move(callback)](
                 const PostgresOutcome& outcome) { callback(outcome_of(outcome, info, otherwise)); });
}

AcceptOutcome PostgresStore::outcome_of(const PostgresOutcome& outcome, const JobInfo& job,
                                        const Refused& refused) {
  if (!outcome.problem.empty() || outcome.results.back().rows() == 0) {
    awaited_.erase(job.id);
    return refused;
  }
  AcceptOutcome known = outcome_of_known(outcome, job);
  if (!std::holds_alternative<Known>(known)) awaited_.erase(job.id);
  return known;
}

AcceptOutcome PostgresStore::outcome_of_known(const PostgresOutcome& outcome, const JobInfo& job) {
  auto found = *found_of(outcome.results.back(), job.id);
  if (found.info.user != job.user)
    return refusal(ErrorCode::duplicate_job, job.id, "another user's job has this id; choose another");
  if (found.answer) return *found.answer;
  const bool is_inserted = outcome.results.size() == 2 && outcome.results.front().rows() == 1;
  const bool is_new = is_inserted || (outcome.is_again && found.info.received == job.received);
  const Known known{.is_new = is_new, .state = found.state, .ahead = is_new ? load_.queued : 0};
  if (is_new) count_new(job);
  return known;
}

std::optional<Refused> PostgresStore::refusal_of(const JobInfo& job) const {
  if (load_.queued >= bounds_.jobs || load_.queued_bytes + job.bytes > bounds_.bytes)
    return refusal(ErrorCode::busy, job.id, "the portal has as many jobs as it can hold; try again later");
  const auto queued = queued_of_user_.find(job.user);
  if (queued == queued_of_user_.end() || queued->second < bounds_.jobs_per_user) return std::nullopt;
  return refusal(ErrorCode::busy, job.id,
                 fmt::format("{} jobs of yours are in the queue, the most one user may have; try again later",
                             bounds_.jobs_per_user));
}

void PostgresStore::count_new(const JobInfo& job) {
  ++load_.queued;
  load_.queued_bytes += job.bytes;
  ++queued_of_user_[job.user];
  note_lane(lane_of(job));
  next_turn_.call([this] { events_.on_ready(); });
}

// What a program did counts whichever portal its node brings it to; that it came to nothing, only its owner may say.
bool is_of_program(const Answer& answer) {
  const auto* result = std::get_if<protocol::Result>(answer.packet.get());
  return result != nullptr && result->verdict != protocol::Verdict::IE &&
         result->verdict != protocol::Verdict::CANCELLED;
}

// Where nobody knows whether it was taken, the answer that stands there tells.
void PostgresStore::finish(const std::string& job, std::uint32_t attempt, Answer answer,
                           std::function<void(bool)> callback) {
  const std::string json = protocol::to_json(*answer.packet);
  const PostgresCall call{&kFinish,
                          {job, attempt, session_, count_of(now().utc), json.size(), json,
                           is_of_program(answer) ? "true" : "false"}};
  queue_.run({call, {&kLook, {job}}}, [this, job, attempt, answer,
                                       callback = std::move(callback)](const PostgresOutcome& outcome) {
    held_.erase(job);
    const bool is_taken = outcome.problem.empty() &&
                          (outcome.results[0].rows() == 1 ||
                           (outcome.is_again && is_answer_of(outcome.results[1], session_, attempt)));
    if (!is_taken) return callback(false);
    finished_here(job, answer, callback);
  });
}

void PostgresStore::finished_here(const std::string& job, const Answer& answer,
                                  const std::function<void(bool)>& callback) {
  awaited_.erase(job);
  if (load_.running > 0) --load_.running;
  events_.on_finished(job, answer);
  callback(true);
}

void PostgresStore::requeue(const std::string& job, std::uint32_t attempt,
                            std::vector<protocol::Event> events, std::function<void(bool)> callback) {
  const auto held = held_.find(job);
  if (held == held_.end()) return next_turn_.call([callback = std::move(callback)] { callback(false); });
  JobInfo info = held->second.info;
  info.events = std::move(events);
  const PostgresCall call{&kRequeue, {job, attempt, session_, to_text(info)}};
  queue_.run({call}, [this, job, lane = lane_of(info),
                      callback = std::move(callback)](const PostgresOutcome& outcome) {
    held_.erase(job);
    // Only this session changes what it holds: where it is not known whether it did, it did, or others took the job for
    // lost, which comes to the same.
    const bool is_taken = outcome.problem.empty() && (outcome.results[0].rows() == 1 || outcome.is_again);
    callback(is_taken);
    if (!is_taken) return;
    note_lane(lane);
    events_.on_ready();
  });
}

void PostgresStore::end_queued(const std::string& job, Answer answer,
                               std::function<void(std::optional<Found>)> callback) {
  const std::string json = protocol::to_json(*answer.packet);
  PostgresGroup calls{{&kEndQueued, {job, session_, count_of(now().utc), json.size(), json}},
                      {&kAskCancel, {job, reason_of(answer), session_}},
                      {&kLook, {job}}};
  queue_.run(std::move(calls),
             [this, job, answer, callback = std::move(callback)](const PostgresOutcome& outcome) {
               if (!outcome.problem.empty()) return callback(std::nullopt);
               if (outcome.results[0].rows() == 1) {
                 awaited_.erase(job);
                 events_.on_finished(job, answer);
               }
               callback(found_of(outcome.results[2], job));
             });
}

void PostgresStore::find(const std::string& job, std::function<void(std::optional<Found>)> callback) {
  awaited_.insert(job);
  queue_.run({{&kLook, {job}}}, [this, job, callback = std::move(callback)](const PostgresOutcome& outcome) {
    const auto found = outcome.problem.empty() ? found_of(outcome.results[0], job) : std::nullopt;
    if (!found || found->answer) awaited_.erase(job);
    callback(found);
  });
}

void PostgresStore::adopt(const std::string& job, std::uint32_t attempt,
                          std::function<void(std::optional<JobInfo>)> callback) {
  adopting_.insert(job);
  queue_.run({{&kAdopt, {job, attempt, session_}}},
             [this, job, attempt, callback = std::move(callback)](const PostgresOutcome& outcome) {
               adopting_.erase(job);
               if (!outcome.problem.empty() || outcome.results[0].rows() == 0) return callback(std::nullopt);
               JobInfo info = job_from_text(outcome.results[0].text(0, 0));
               info.attempt = attempt;
               held_[job] = {info};
               awaited_.insert(job);
               callback(std::move(info));
             });
}

}  // namespace rota::portal
