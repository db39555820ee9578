// The dispatcher's dealings with nodes: seats, leases, and nodes that come, go and fail.

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "portal/dispatcher.hpp"
#include "portal/timeline.hpp"
#include "protocol/bounds.hpp"

namespace rota::portal {

using namespace protocol;

namespace {

bool is_of_version_1(const Hello& hello) {
  return hello.session.empty();
}

// A refusal that speaks of the node's state, not of the submission.
bool is_of_node(ErrorCode code) {
  return code == ErrorCode::internal || code == ErrorCode::duplicate_job ||
         code == ErrorCode::too_many_jobs || code == ErrorCode::unexpected_packet ||
         code == ErrorCode::unsupported_version;
}

}  // namespace

NodeIndex Dispatcher::add_node(const std::string& address) {
  nodes_.push_back({.address = address});
  return set_.add();
}

void Dispatcher::recovered(std::vector<JobInfo> jobs, const std::function<void()>& on_open) {
  orphaned_since_ = clock_().monotonic;
  for (JobInfo& info : jobs) {
    const std::string id = info.id;
    if (info.answer_until) answer_deadlines_.emplace(*info.answer_until, id);
    leases_.emplace(id, Lease{std::move(info), std::nullopt, {}});
    orphans_.insert(id);
  }
  open_ = true;
  on_open();
  pump();
}

void Dispatcher::pump() {
  if (!open_ || set_.free_slots() == 0) return;
  store_.claim(*this, clock_(), [this](std::vector<Claimed> jobs) { claimed(std::move(jobs)); });
}

std::optional<NodeIndex> Dispatcher::take(JobInfo& job, Instant now) {
  const auto last = job.attempt > 1 ? by_name_.find(job.node) : by_name_.end();
  const auto node = set_.take(job, last == by_name_.end() ? std::nullopt : std::optional(last->second));
  if (!node) return std::nullopt;
  job.node = name_of(*node);
  job.events.push_back(
      event_of(job, name_, now, "dispatched", {{"node", job.node}, {"attempt", std::int64_t{job.attempt}}}));
  return node;
}

void Dispatcher::claimed(std::vector<Claimed> jobs) {
  pace_.began(jobs.size(), clock_());
  for (Claimed& job : jobs) begin(std::move(job));
}

void Dispatcher::begin(Claimed job) {
  const std::string id = job.info.id;
  impatient_.erase(id);
  if (job.info.answer_until) answer_deadlines_.emplace(*job.info.answer_until, id);
  const auto lease = leases_.insert_or_assign(id, Lease{std::move(job.info), job.node, {}}).first;
  Node& node = nodes_[job.node];
  node.jobs.insert(id);
  auto wanted = cancel_wanted_.extract(id);
  if (!wanted.empty()) return cancel_lease(lease, wanted.mapped());
  if (!job.submit) {
    Error error{.code = ErrorCode::internal, .job = id, .message = "the job's source can no longer be read"};
    return finish(lease, {std::make_shared<const Packet>(std::move(error))});
  }
  if (!node.ready) return failed_attempt(lease, "it went away before it got the job");
  show(lease->second.info, lease->second.info.events.back());
  Submit submit = *job.submit;
  submit.attempt = lease->second.info.attempt;
  submit.acknowledge = false;
  to_node(job.node, std::move(submit));
}

void Dispatcher::node_up(NodeIndex index, const Hello& hello) {
  Node& node = nodes_[index];
  const bool is_same_life = !is_of_version_1(hello) && hello.session == node.hello.session;
  if (!is_same_life) lose_all(index, "the node was started again");
  const auto old_name = by_name_.find(name_of(index));
  if (old_name != by_name_.end() && old_name->second == index) by_name_.erase(old_name);
  node.hello = hello;
  node.up = true;
  node.down_since.reset();
  node.drains = hello.draining;
  node.problem.clear();
  by_name_[name_of(index)] = index;
  note_of(index, "node.up", "");
  if (is_of_version_1(hello)) {
    node.ready = true;
    lose_orphans_of(index);
  } else {
    node.problem = "it has not said yet which jobs it has";
    to_node(index, protocol::Lease{store_.cluster(), bounds_.fence_after});
  }
  refresh(index);
}

void Dispatcher::holdings(NodeIndex index, const Holdings& holdings) {
  std::set<std::string> held;
  for (const HeldJob& job : holdings.jobs) {
    if (adopt_held(index, job)) held.insert(job.job);
  }
  const auto jobs = nodes_[index].jobs;
  for (const auto& id : jobs) {
    if (!held.contains(id))
      failed_attempt(leases_.find(id), "the node had it no more after its connection was lost");
  }
  lose_orphans_of(index);
  nodes_[index].away_since.reset();
  nodes_[index].ready = true;
  nodes_[index].problem.clear();
  refresh(index);
}

// True: the attempt is this node's.
bool Dispatcher::adopt_held(NodeIndex index, const HeldJob& held) {
  const auto ending = endings_.find(held.job);
  if (ending != endings_.end() && ending->second.node == index && ending->second.attempt == held.attempt)
    return false;  // `stored` comes by itself
  const auto lease = leases_.find(held.job);
  if (lease == leases_.end() || lease->second.info.attempt != held.attempt) {
    adopt_from_store(index, held);
    return false;
  }
  if (lease->second.node && *lease->second.node != index) {
    if (!is_of(lease->second, index)) to_node(index, Cancel{held.job, held.attempt});
    return false;
  }
  // A node that was never given the job knows of it from somewhere else.
  if (!lease->second.node && lease->second.info.node != name_of(index)) {
    to_node(index, Cancel{held.job, held.attempt});
    return false;
  }
  if (!lease->second.node) {
    JobInfo info = std::move(lease->second.info);
    orphans_.erase(held.job);
    leases_.erase(lease);
    adopt(index, std::move(info));
  }
  return true;
}

void Dispatcher::adopt(NodeIndex index, JobInfo info) {
  const std::string id = info.id;
  if (info.answer_until) answer_deadlines_.emplace(*info.answer_until, id);
  Lease& lease = leases_.emplace(id, Lease{std::move(info), index, {}}).first->second;
  nodes_[index].jobs.insert(id);
  set_.hold(index, lease.info.bytes);
  record(lease.info, "adopted",
         {{"node", nodes_[index].hello.name}, {"attempt", std::int64_t{lease.info.attempt}}});
}

// What the node says of it meanwhile waits for the store's word.
void Dispatcher::adopt_from_store(NodeIndex index, const HeldJob& held) {
  const std::string& session = nodes_[index].hello.session;
  const auto [asked, is_first] =
      adoptions_.emplace(held.job, Adoption{index, held.attempt, session, std::nullopt});
  if (!is_first && asked->second.attempt == held.attempt && asked->second.session == session) return;
  if (!is_first) return to_node(index, Cancel{held.job, held.attempt});  // another node says that it has it
  store_.adopt(held.job, held.attempt, [this, job = held.job](std::optional<JobInfo> info) {
    Adoption adoption = std::move(adoptions_.extract(job).mapped());
    const bool is_begun = lease_of(adoption.node, job, adoption.attempt) != leases_.end();
    if (!info && is_begun)
      return adopted(std::move(adoption), job);  // a life of this portal before had forgotten it
    if (!info && adoption.result) return unexpected(adoption.node, job, adoption.attempt);
    if (!info) return to_node(adoption.node, Cancel{job, adoption.attempt});
    if (leases_.contains(job)) return;
    adopt(adoption.node, std::move(*info));
    adopted(std::move(adoption), job);
  });
}

// The node may have said more, have gone, or have been started again since it told of the job.
void Dispatcher::adopted(Adoption adoption, const std::string& job) {
  Node& node = nodes_[adoption.node];
  if (adoption.result) return result(adoption.node, std::move(*adoption.result));
  if (node.hello.session != adoption.session)
    return failed_attempt(leases_.find(job), "the node was started again");
  if (!node.up && !node.away_since) node.away_since = clock_().monotonic;
}

void Dispatcher::node_down(NodeIndex index, const std::string& reason) {
  Node& node = nodes_[index];
  const bool was_up = std::exchange(node.up, false);
  if (!node.down_since) node.down_since = clock_().monotonic;
  node.ready = false;
  node.problem = reason;
  if (was_up) note_of(index, "node.down", reason);
  refresh(index);
  if (node.jobs.empty()) return;
  if (is_of_version_1(node.hello)) return lose_all(index, reason);
  if (!node.away_since) node.away_since = clock_().monotonic;
}

void Dispatcher::lose_all(NodeIndex index, const std::string& reason) {
  nodes_[index].away_since.reset();
  const auto jobs = nodes_[index].jobs;
  if (!jobs.empty()) count_failures(index, kFailuresOfALostLife, reason);
  for (const auto& id : jobs) {
    const auto lease = leases_.find(id);
    record(lease->second.info, "node.lost", {{"node", nodes_[index].hello.name}, {"reason", reason}});
    failed_attempt(lease, reason);
  }
}

// What the node had before the portal was started again, and has no more.
void Dispatcher::lose_orphans_of(NodeIndex index) {
  const auto orphans = orphans_;
  for (const auto& id : orphans) {
    const auto lease = leases_.find(id);
    if (lease->second.info.node == name_of(index))
      failed_attempt(lease, "the node had it no more when the portal was started again");
  }
}

void Dispatcher::result(NodeIndex index, Result result) {
  const auto adoption = adoptions_.find(result.job);
  if (adoption != adoptions_.end() && adoption->second.node == index &&
      adoption->second.attempt == result.attempt) {
    adoption->second.result = std::move(result);
    return;
  }
  const auto lease = lease_of(index, result.job, result.attempt);
  if (lease == leases_.end()) return of_no_lease(index, std::move(result));
  if (result.verdict == Verdict::IE && failures_of(lease->second.info) + 1 < kMaxAttempts) {
    to_node(index, Stored{result.job, result.attempt});
    count_failures(index, 1, result.message);
    return failed_attempt(lease, result.message);
  }
  if (result.verdict == Verdict::IE) {
    count_failures(index, 1, result.message);
    const std::string history = history_of(lease->second.info);
    if (!history.empty()) result.message += fmt::format(" (before: {})", history);
  } else {
    worked_well(index);
  }
  result.attempt = lease->second.info.attempt;
  record(lease->second.info, "returned", {{"verdict", std::string(to_text(result.verdict))}});
  merge_timelines(result, lease->second.info);
  finish(lease, {std::make_shared<const Packet>(std::move(result))});
}

void Dispatcher::refused(NodeIndex index, const Error& error) {
  const auto lease = lease_of(index, error.job, 0);
  if (lease == leases_.end()) return unexpected(index, error.job, 0);
  record(lease->second.info, "refused",
         {{"node", name_of(index)}, {"code", std::string(to_text(error.code))}, {"message", error.message}});
  if (error.code == ErrorCode::busy) return put_back(lease, index);
  if (is_of_node(error.code)) {
    if (error.code == ErrorCode::internal) count_failures(index, 1, error.message);
    return failed_attempt(lease, fmt::format("refused: {}", error.message));
  }
  finish(lease, {std::make_shared<const Packet>(error)});
}

// The node takes none just now: the job has not begun, which does not count as an attempt, and the node is left alone
// for a while.
void Dispatcher::put_back(Leases::iterator lease, NodeIndex index) {
  JobInfo info = end(lease);
  keep_short(info);
  if (!info.waits_for_nodes) impatient_.insert(info.id);
  nodes_[index].rests_until = clock_().monotonic + bounds_.rest;
  refresh(index);
  requeue(std::move(info));
}

void Dispatcher::live_event(NodeIndex index, const Event& event) {
  const auto lease = lease_of(index, event.job, event.attempt);
  if (lease == leases_.end()) return;
  const bool is_known = event.sequence > 0 && event.sequence <= lease->second.heard;
  if (is_known) return;  // told again after a lost connection
  lease->second.heard = event.sequence;
  keep_live(lease->second, event);
  for (const ClientId client : watchers_.with_events(event.job)) out_(ToClient{client, LiveEvent{event}});
}

// The result has all of them again; these are for who asks before that.
void Dispatcher::keep_live(Lease& lease, const Event& event) {
  const std::uint64_t bytes = bytes_of(event);
  if (lease.live_bytes + bytes > kMaxLiveBytes || live_bytes_ + bytes > kMaxLiveBytesOfAll) return;
  lease.live.push_back(event);
  lease.live_bytes += bytes;
  live_bytes_ += bytes;
}

// An attempt came to nothing: another is made, or that was the last.
void Dispatcher::failed_attempt(Leases::iterator lease, const std::string& reason) {
  JobInfo info = end(lease);
  record(info, "requeued",
         {{"attempt", std::int64_t{info.attempt}}, {"node", info.node}, {"reason", reason}});
  if (!info.waits_for_nodes) impatient_.insert(info.id);
  if (failures_of(info) < kMaxAttempts) return requeue(std::move(info));
  Result result{.job = info.id,
                .verdict = Verdict::IE,
                .message = fmt::format("{} attempts came to nothing, by no fault of the program: {}",
                                       kMaxAttempts, history_of(info)),
                .node = info.node,
                .attempt = info.attempt};
  record(info, "returned", {{"verdict", std::string(to_text(result.verdict))}});
  merge_timelines(result, info);
  store_.finish(info.id, info.attempt, {std::make_shared<const Packet>(std::move(result))}, [](bool) {});
}

// A cancel that was asked for meanwhile finds the job queued.
void Dispatcher::requeue(JobInfo info) {
  const std::string id = info.id;
  const std::uint32_t attempt = info.attempt;
  auto events = info.events;
  store_.requeue(id, attempt, std::move(events), [this, info = std::move(info)](bool) {
    auto wanted = cancel_wanted_.extract(info.id);
    if (!wanted.empty()) end_queued(info, wanted.mapped());
  });
}

void Dispatcher::cancel_lease(Leases::iterator lease, const std::string& reason) {
  JobInfo& info = lease->second.info;
  if (const auto node = lease->second.node; node && nodes_[*node].up)
    to_node(*node, Cancel{info.id, info.attempt});
  Answer answer = cancelled_answer(info, reason);
  finish(lease, std::move(answer));
}

void Dispatcher::finish(Leases::iterator lease, Answer answer) {
  const auto node = lease->second.node;
  const JobInfo info = end(lease);
  const bool is_told = node && nodes_[*node].up && !is_of_version_1(nodes_[*node].hello);
  if (is_told) endings_[info.id] = {*node, info.attempt};
  store_.finish(info.id, info.attempt, std::move(answer),
                [this, id = info.id, attempt = info.attempt, is_told](bool) {
                  const auto ending = endings_.find(id);
                  if (!is_told || ending == endings_.end() || ending->second.attempt != attempt) return;
                  to_node(ending->second.node, Stored{id, attempt});
                  endings_.erase(ending);
                });
  pump();
}

JobInfo Dispatcher::end(Leases::iterator lease) {
  JobInfo info = std::move(lease->second.info);
  if (const auto node = lease->second.node) {
    nodes_[*node].jobs.erase(info.id);
    set_.release(*node, info.bytes);
  }
  live_bytes_ -= lease->second.live_bytes;
  if (info.answer_until) answer_deadlines_.erase({*info.answer_until, info.id});
  orphans_.erase(info.id);
  leases_.erase(lease);
  return info;
}

// Also where the node process has two connections here, one that it made and one that was made to it: what it has it tells
// to both.
bool Dispatcher::is_of(const Lease& lease, NodeIndex node) const {
  if (!lease.node || *lease.node == node) return lease.node.has_value();
  const std::string& session = nodes_[node].hello.session;
  return !session.empty() && session == nodes_[*lease.node].hello.session;
}

// attempt 0: the node, of version 1, does not say.
Dispatcher::Leases::iterator Dispatcher::lease_of(NodeIndex node, const std::string& job,
                                                  std::uint32_t attempt) {
  const auto found = leases_.find(job);
  if (found == leases_.end() || !is_of(found->second, node)) return leases_.end();
  return attempt == 0 || attempt == found->second.info.attempt ? found : leases_.end();
}

// Where portals share a store, another may have taken the attempt over: it has a result then, whoever is brought it.
void Dispatcher::of_no_lease(NodeIndex index, Result result) {
  const HeldJob held{.job = result.job, .attempt = result.attempt, .finished = true};
  const bool is_asked = adoptions_.contains(held.job) || endings_.contains(held.job);
  if (held.attempt == 0 || is_asked || leases_.contains(held.job))
    return unexpected(index, held.job, held.attempt);
  adopt_from_store(index, held);
  adoptions_.at(held.job).result = std::move(result);
}

// Of an attempt that was given up, or of a job that is finished.
void Dispatcher::unexpected(NodeIndex node, const std::string& job, std::uint32_t attempt) {
  out_(ToLog{{clock_().utc, {}, name_, job, "answer.unexpected", {{"node", name_of(node)}}}});
  const bool is_ending = endings_.contains(job) && endings_[job].attempt == attempt;
  if (attempt > 0 && !is_ending) to_node(node, Stored{job, attempt});
}

}  // namespace rota::portal
