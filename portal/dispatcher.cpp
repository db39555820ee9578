#include "portal/dispatcher.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "portal/timeline.hpp"
#include "protocol/job_id.hpp"

namespace rota::portal {

using namespace protocol;

namespace {

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

// What its node has to accept, as nodes list it.
std::string need_of(const Submit& submit) {
  if (!submit.language.empty()) return lower(submit.language);
  const auto dot = submit.file_name.rfind('.');
  return dot == std::string::npos ? "" : lower(submit.file_name.substr(dot));
}

std::optional<UtcTime> deadline(UtcTime from, std::chrono::milliseconds time) {
  return time.count() > 0 ? std::optional(from + time) : std::nullopt;
}

Answer answer_of(Packet packet) {
  return {std::make_shared<const Packet>(std::move(packet))};
}

// A full portal is worth another try once a part of its queue is done.
constexpr std::chrono::milliseconds kShortestRetry{500};
constexpr std::chrono::milliseconds kLongestRetry{30'000};
constexpr std::uint64_t kPartOfQueue = 50;

}  // namespace

Dispatcher::Dispatcher(std::string name, std::uint64_t seed, Store& store, Clock clock, Out out,
                       DispatcherBounds bounds)
    : name_(std::move(name)),
      store_(store),
      clock_(std::move(clock)),
      out_(std::move(out)),
      bounds_(bounds),
      set_(seed) {}

void Dispatcher::start(std::function<void()> on_open) {
  StoreEvents events;
  events.on_ready = [this] { pump(); };
  events.on_finished = [this](const std::string& job, const Answer& answer) { finished(job, answer); };
  events.on_overdue = [this](const JobInfo& job) { overdue(job); };
  events.on_cancel = [this](const std::string& job, const std::string& reason) {
    const auto lease = leases_.find(job);
    if (lease != leases_.end()) cancel_lease(lease, reason);
  };
  events.on_stalled = [this](const std::string& problem) {
    const char* event = problem.empty() ? "store.works" : "store.failed";
    out_(ToLog{{clock_().utc, {}, name_, "", event, {{"message", problem}}}});
  };
  store_.open(std::move(events), [this, on_open = std::move(on_open)](std::vector<JobInfo> jobs) {
    recovered(std::move(jobs), on_open);
  });
}

void Dispatcher::submit(const Peer& peer, Submit submit) {
  if (submit.job.empty()) submit.job = make_job_id(clock_().utc);
  const std::string id = submit.job;
  if (!has_room(peer.client, id) || is_coming(peer.client, id)) return;
  JobInfo info = info_of(peer, submit);
  const Asked asked{submit.acknowledge, submit.live_events && !watchers_.wants_events(peer.client, id)};
  watchers_.add(peer.client, id, submit.live_events);
  watchers_.note_submitted(peer.client, id);
  NewJob job{info, std::make_shared<const Submit>(std::move(submit))};
  store_.accept(std::move(job), [this, peer, info = std::move(info), asked](const AcceptOutcome& outcome) {
    accepted(peer, info, asked, outcome);
  });
}

// Its answer, when the store can say something again: asked a thousand times it is still one.
bool Dispatcher::is_coming(ClientId client, const std::string& job) const {
  return store_.stalled() && watchers_.is_waiting(client, job);
}

// What a client waits for already is no further job of it.
bool Dispatcher::has_room(ClientId client, const std::string& job) {
  if (watchers_.is_waiting(client, job)) return true;
  if (store_.stalled()) {  // what would wait for it here has no bound
    refuse(client, {.code = ErrorCode::busy,
                    .job = job,
                    .message = "the portal can not write or read jobs just now; try again later",
                    .retry_after = kShortestRetry});
    return false;
  }
  if (watchers_.jobs_of(client) < bounds_.jobs_per_client) return true;
  refuse(client, {.code = ErrorCode::too_many_jobs,
                  .job = job,
                  .message = fmt::format(
                      "this connection has {} unanswered jobs, the most it may have; wait for results",
                      bounds_.jobs_per_client)});
  return false;
}

JobInfo Dispatcher::info_of(const Peer& peer, const Submit& submit) const {
  const Instant now = clock_();
  const std::uint32_t priority = submit.priority.value_or(kDefaultPriority);
  JobInfo info{.id = submit.job,
               .user = peer.user,
               .need = need_of(submit),
               .labels = submit.labels,
               .schedule = submit.schedule.value_or(Schedule::least_loaded),
               .priority = peer.is_admin ? priority : std::min(priority, kDefaultPriority),
               .received = now.utc,
               .queue_until = deadline(now.utc, submit.queue_time),
               .answer_until = deadline(now.utc, submit.total_time),
               .bytes = bytes_of(submit),
               .waits_for_nodes = submit.acknowledge};
  info.events.push_back(
      event_of(info, name_, now, "received", {{"client", submit.client}, {"file_name", submit.file_name}}));
  info.events.push_back(
      event_of(info, name_, now, "queued", {{"schedule", std::string(to_text(info.schedule))}}));
  return info;
}

void Dispatcher::accepted(const Peer& peer, const JobInfo& info, const Asked& asked,
                          const AcceptOutcome& outcome) {
  if (const auto* as_known = std::get_if<Known>(&outcome)) return known(peer, info, asked, *as_known);
  if (const auto* answer = std::get_if<Answer>(&outcome)) return answer_one(peer.client, info.id, *answer);
  Error error = std::get<Refused>(outcome).error;
  if (error.code == ErrorCode::busy)
    error.retry_after =
        std::clamp(pace_.time_for(store_.load().queued / kPartOfQueue), kShortestRetry, kLongestRetry);
  if (watchers_.remove(peer.client, info.id)) refuse(peer.client, std::move(error));
}

void Dispatcher::known(const Peer& peer, const JobInfo& info, const Asked& asked, const Known& known) {
  watchers_.admit(peer.client, info.id);
  if (known.is_new) {
    for (const Event& event : info.events) show(info, event);
  } else if (asked.replay) {
    look_up(peer, info.id, true);
  }
  // Only who made the job can say that it is in a hurry.
  if (!asked.acknowledge && known.is_new) impatient_.insert(info.id);
  if (!asked.acknowledge) return;
  impatient_.erase(info.id);
  const auto lease = leases_.find(info.id);
  if (lease != leases_.end())
    lease->second.info.waits_for_nodes = true;  // it was not acknowledged when it was begun
  if (watchers_.is_waiting(peer.client, info.id))
    out_(ToClient{peer.client,
                  Accepted{info.id, known.ahead, pace_.time_for(known.ahead), why_it_waits(info)}});
}

void Dispatcher::refuse(ClientId client, Error error) {
  out_(ToClient{client, std::move(error)});
}

// Who waits already has its one answer coming.
void Dispatcher::wait(const Peer& peer, const Wait& wait) {
  if (!has_room(peer.client, wait.job) || is_coming(peer.client, wait.job)) return;
  const bool replay = wait.live_events && !watchers_.wants_events(peer.client, wait.job);
  const bool is_first = watchers_.add(peer.client, wait.job, wait.live_events);
  if (is_first || replay) look_up(peer, wait.job, replay);
}

void Dispatcher::look_up(const Peer& peer, const std::string& job, bool replay) {
  store_.find(job, [this, peer, job, replay](const std::optional<Found>& result) {
    found(peer, job, replay, result);
  });
}

// False: not a job that this peer may know of. Where it has submitted it, it hears that from there.
bool Dispatcher::found(const Peer& peer, const std::string& job, bool replay,
                       const std::optional<Found>& found) {
  if (!found || (found->info.user != peer.user && !peer.is_admin)) {
    if (watchers_.has_submitted(peer.client, job) || !watchers_.remove(peer.client, job)) return false;
    refuse(peer.client, {.code = ErrorCode::unknown_job,
                         .job = job,
                         .where = "job",
                         .message = "no job of yours has this id, or its answer is no longer kept"});
    return false;
  }
  watchers_.admit(peer.client, job);
  if (found->state == JobState::finished) {
    answer_one(peer.client, job, *found->answer);
  } else if (replay) {
    this->replay(peer.client, job, found->info);
  }
  return true;
}

// What has happened so far, for one who comes later.
void Dispatcher::replay(ClientId client, const std::string& job, const JobInfo& info) {
  const auto watching = watchers_.with_events(job);
  if (std::find(watching.begin(), watching.end(), client) == watching.end()) return;
  const auto lease = leases_.find(job);
  const JobInfo& newest = lease == leases_.end() ? info : lease->second.info;
  for (const Event& event : newest.events) out_(ToClient{client, LiveEvent{event}});
  if (lease == leases_.end()) return;
  for (const Event& event : lease->second.live) out_(ToClient{client, LiveEvent{event}});
}

void Dispatcher::answer_one(ClientId client, const std::string& job, const Answer& answer) {
  if (watchers_.remove(client, job)) out_(AnswerToClient{client, answer.packet});
}

void Dispatcher::finished(const std::string& job, const Answer& answer) {
  impatient_.erase(job);
  cancel_wanted_.erase(job);
  const auto lease = leases_.find(job);
  if (lease != leases_.end()) end(lease);  // another portal was brought the result
  for (const ClientId client : watchers_.of(job)) answer_one(client, job, answer);
}

// One that is asked for again while the store is asked about it is the same.
void Dispatcher::cancel(const Peer& peer, const Cancel& cancel) {
  if (!has_room(peer.client, cancel.job)) return;
  watchers_.add(peer.client, cancel.job, false);
  if (!cancels_.emplace(peer.client, cancel.job).second) return;
  store_.find(cancel.job, [this, peer, job = cancel.job](const std::optional<Found>& result) {
    cancels_.erase({peer.client, job});
    if (found(peer, job, false, result)) cancel_found(job, fmt::format("cancelled by {}", peer.user), result);
  });
}

// A job that was found queued may have been claimed since, or be claimed before the store hears us.
void Dispatcher::cancel_found(const std::string& job, const std::string& reason,
                              const std::optional<Found>& found) {
  if (!found || found->state == JobState::finished) return;
  const auto lease = leases_.find(job);
  if (lease != leases_.end()) return cancel_lease(lease, reason);
  if (endings_.contains(job)) return;  // its result came first
  if (found->state == JobState::queued) return end_queued(found->info, reason);
  cancel_wanted_[job] = reason;
}

void Dispatcher::end_queued(JobInfo info, const std::string& reason) {
  const std::string id = info.id;
  store_.end_queued(
      id, cancelled_answer(info, reason),
      [this, id, reason](const std::optional<Found>& after) { cancel_found(id, reason, after); });
}

void Dispatcher::overdue(const JobInfo& info) {
  const bool in_queue = info.queue_until && *info.queue_until <= clock_().utc;
  end_queued(info, in_queue ? "no node had room for it within its queue time" : "its total time is over");
}

void Dispatcher::tick() {
  if (!open_) return;
  store_.tick(clock_().utc);
  give_up_impatient();
  end_late_leases();
  const Nanoseconds now = clock_().monotonic;
  for (NodeIndex i = 0; i < nodes_.size(); ++i) look_after(i, now);
  if (now - orphaned_since_ >= bounds_.grace) {
    set_.wait_no_more();
    const auto orphans = orphans_;
    for (const auto& id : orphans)
      failed_attempt(leases_.find(id), "its node did not come back to the portal");
  }
  pump();
}

void Dispatcher::give_up_impatient() {
  const Instant now = clock_();
  if (any_ready()) return none_ready_since_.reset();
  if (!none_ready_since_) none_ready_since_ = now.monotonic;
  if (now.monotonic - *none_ready_since_ < bounds_.node_wait) return;
  const auto waiting = std::exchange(impatient_, {});
  for (const auto& id : waiting) {
    Error error{.code = ErrorCode::no_node, .job = id, .message = why_no_node()};
    store_.end_queued(id, answer_of(std::move(error)), [](const std::optional<Found>&) {});
  }
}

bool Dispatcher::has_jobs_in_hand() const {
  return watchers_.jobs() > 0 || !leases_.empty() || !endings_.empty() || !adoptions_.empty() ||
         !answer_deadlines_.empty() || !orphans_.empty() || !impatient_.empty() || !cancel_wanted_.empty() ||
         !cancels_.empty();
}

void Dispatcher::end_late_leases() {
  const UtcTime now = clock_().utc;
  while (!answer_deadlines_.empty() && answer_deadlines_.begin()->first <= now)
    cancel_lease(leases_.find(answer_deadlines_.begin()->second), "its total time is over");
}

// To the log, and to whoever follows the job.
void Dispatcher::show(const JobInfo& info, const Event& event) {
  for (const ClientId client : watchers_.with_events(info.id)) out_(ToClient{client, LiveEvent{event}});
  out_(ToLog{event});
}

void Dispatcher::record(JobInfo& info, const char* name, std::map<std::string, FieldValue> fields) {
  info.events.push_back(event_of(info, name_, clock_(), name, std::move(fields)));
  show(info, info.events.back());
}

Answer Dispatcher::cancelled_answer(JobInfo& info, const std::string& reason) {
  record(info, "cancelled", {{"reason", reason}});
  Result result{.job = info.id, .verdict = Verdict::CANCELLED, .message = reason, .attempt = info.attempt};
  record(info, "returned", {{"verdict", std::string(to_text(result.verdict))}});
  merge_timelines(result, info);
  return answer_of(std::move(result));
}

std::string Dispatcher::why_it_waits(const JobInfo& info) const {
  if (!any_ready()) return why_no_node();
  if (set_.has_labels_somewhere(info)) return {};
  return fmt::format("no node that takes jobs has the label{} {}; `rota nodes` lists what there is",
                     info.labels.size() > 1 ? "s" : "", fmt::join(info.labels, ", "));
}

std::string Dispatcher::why_no_node() const {
  std::string text = "no node can be reached:";
  for (const Node& node : nodes_) text += fmt::format(" {} ({});", node.address, node.problem);
  return text + " start a node";
}

}  // namespace rota::portal
