#include "portal/dispatcher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "protocol/job_id.hpp"

namespace rota::portal {

using namespace protocol;

Dispatcher::Dispatcher(std::string name, std::uint64_t seed, std::vector<std::string> addresses,
                       DispatcherBounds bounds)
    : name_(std::move(name)), bounds_(bounds), scheduler_(seed) {
  for (auto& address : addresses) {
    Node node;
    node.address = std::move(address);
    nodes_.push_back(std::move(node));
  }
}

Actions Dispatcher::submit(ClientId client, Submit submit, Instant now) {
  Actions actions;
  if (submit.job.empty()) submit.job = make_job_id(now.utc);
  try {
    require_acceptable(client, submit);
  } catch (const ProtocolError& error) {
    actions.push_back(ToClient{client, Error{error.code(), submit.job, error.where(), error.what()}});
    return actions;
  }
  const std::string id = submit.job;
  Job& job = jobs_[id];
  job.client = client;
  job.live_events = submit.live_events;
  job.schedule = submit.schedule.value_or(Schedule::least_loaded);
  job.received = now;
  job.bytes = bytes_of(submit);
  jobs_per_client_[client].insert(id);
  record(id, job, "received", now, {{"client", submit.client}, {"file_name", submit.file_name}}, actions);
  record(id, job, "queued", now, {{"schedule", std::string(to_text(job.schedule))}}, actions);
  job.submit = std::move(submit);
  held_bytes_ += job.bytes;
  waiting_.push_back(id);
  dispatch_waiting(now, actions);
  return actions;
}

void Dispatcher::require_acceptable(ClientId client, const Submit& submit) const {
  if (jobs_.contains(submit.job)) {
    throw ProtocolError(ErrorCode::duplicate_job, "job",
                        "a job of this id is in progress; wait for its result or choose another id");
  }
  if (jobs_of(client) >= bounds_.jobs_per_client) {
    throw ProtocolError(
        ErrorCode::too_many_jobs, "",
        fmt::format("this connection has {} unanswered jobs, the most it may have; wait for results",
                    bounds_.jobs_per_client));
  }
  if (jobs_.size() >= bounds_.jobs || held_bytes_ + bytes_of(submit) > bounds_.held_bytes) {
    throw ProtocolError(ErrorCode::busy, "", "the portal has as many jobs as it can hold; try again later");
  }
}

Actions Dispatcher::node_up(NodeIndex index, const Hello& hello, Instant now) {
  Actions actions;
  Node& node = nodes_.at(index);
  node.load = {.up = true, .slots = std::max(1u, hello.slots), .jobs = 0};
  node.slots = hello.slots;
  node.name = hello.name;
  node.languages = hello.languages;
  node.toolchains = hello.toolchains;
  node.problem.clear();
  actions.push_back(
      ToLog{{now.utc, {}, name_, "", "node.up", {{"node", node.name}, {"address", node.address}}}});
  dispatch_waiting(now, actions);
  return actions;
}

Actions Dispatcher::node_down(NodeIndex index, const std::string& reason, Instant now) {
  Actions actions;
  Node& node = nodes_.at(index);
  const bool was_up = std::exchange(node.load.up, false);
  node.problem = reason;
  if (was_up) {
    const std::map<std::string, FieldValue> fields{
        {"node", node.name}, {"address", node.address}, {"reason", reason}};
    actions.push_back(ToLog{{now.utc, {}, name_, "", "node.down", fields}});
  }
  take_back_queued(node);
  std::vector<std::string> lost;
  for (const auto& [id, job] : jobs_) {
    if (job.node == index) lost.push_back(id);
  }
  for (const auto& id : lost) answer_lost(jobs_.find(id), reason, now, actions);
  dispatch_waiting(now, actions);
  return actions;
}

Actions Dispatcher::result(NodeIndex index, Result result, Instant now) {
  Actions actions;
  const auto found = job_at(index, result.job);
  if (found == jobs_.end()) {
    actions.push_back(ToLog{unexpected(index, result.job, now)});
    return actions;
  }
  Job& job = found->second;
  record(found->first, job, "returned", now, {{"verdict", std::string(to_text(result.verdict))}}, actions);
  // Both sides are in order of time already, where the two hosts' clocks agree.
  result.events.insert(result.events.end(), job.events.begin(), job.events.end());
  std::stable_sort(result.events.begin(), result.events.end(),
                   [](const Event& a, const Event& b) { return a.time < b.time; });
  answer(found, std::move(result), now, actions);
  return actions;
}

Actions Dispatcher::refused(NodeIndex index, Error error, Instant now) {
  Actions actions;
  const auto found = job_at(index, error.job);
  if (found == jobs_.end()) {
    actions.push_back(ToLog{unexpected(index, error.job, now)});
    return actions;
  }
  record(
      found->first, found->second, "refused", now,
      {{"node", nodes_[index].name}, {"code", std::string(to_text(error.code))}, {"message", error.message}},
      actions);
  answer(found, std::move(error), now, actions);
  return actions;
}

Actions Dispatcher::live_event(NodeIndex index, const Event& event) {
  const auto found = job_at(index, event.job);
  if (found == jobs_.end() || found->second.client_gone || !found->second.live_events) return {};
  Actions actions;
  actions.push_back(ToClient{found->second.client, LiveEvent{event}});
  return actions;
}

void Dispatcher::client_gone(ClientId client) {
  const auto gone = jobs_per_client_.extract(client);
  if (gone.empty()) return;
  for (const auto& id : gone.mapped()) jobs_.at(id).client_gone = true;
}

Actions Dispatcher::tick(Instant now) {
  Actions actions;
  while (!waiting_.empty()) {
    const auto found = jobs_.find(waiting_.front());
    if (now.monotonic - found->second.received.monotonic < bounds_.node_wait) break;
    waiting_.pop_front();
    record(found->first, found->second, "refused", now, {{"code", std::string(to_text(ErrorCode::no_node))}},
           actions);
    answer(found, Error{ErrorCode::no_node, found->first, "", why_no_node()}, now, actions);
  }
  return actions;
}

std::size_t Dispatcher::jobs_of(ClientId client) const {
  const auto found = jobs_per_client_.find(client);
  return found == jobs_per_client_.end() ? 0 : found->second.size();
}

Nodes Dispatcher::nodes() const {
  Nodes reply;
  for (const Node& node : nodes_) {
    reply.nodes.push_back({.name = node.name,
                           .address = node.address,
                           .up = node.load.up,
                           .problem = node.problem,
                           .slots = node.slots,
                           .jobs = node.load.jobs,
                           .languages = node.languages,
                           .toolchains = node.toolchains});
  }
  return reply;
}

const std::string& Dispatcher::name_of(NodeIndex node) const {
  return nodes_.at(node).name.empty() ? nodes_[node].address : nodes_[node].name;
}

void Dispatcher::dispatch_waiting(Instant now, Actions& actions) {
  const bool any_up =
      std::any_of(nodes_.begin(), nodes_.end(), [](const Node& node) { return node.load.up; });
  while (any_up && !waiting_.empty()) {
    const auto found = jobs_.find(waiting_.front());
    waiting_.pop_front();
    choose_node(found->first, found->second);
    send_queued(*found->second.node, now, actions);
  }
}

void Dispatcher::choose_node(const std::string& id, Job& job) {
  std::vector<NodeLoad> loads;
  for (const Node& node : nodes_) loads.push_back(node.load);
  job.node = scheduler_.pick(job.schedule, loads);
  Node& node = nodes_.at(job.node.value());
  ++node.load.jobs;
  node.queue.push_back(id);
}

// More bytes than the node takes at once stay here: they would fill its connection, and go with it.
void Dispatcher::send_queued(NodeIndex index, Instant now, Actions& actions) {
  Node& node = nodes_[index];
  while (!node.queue.empty()) {
    const auto found = jobs_.find(node.queue.front());
    const std::uint64_t bytes = found->second.bytes;
    if (node.bytes > 0 && node.bytes + bytes > bounds_.bytes_per_node) return;
    node.queue.pop_front();
    node.bytes += bytes;
    send(found->first, found->second, now, actions);
  }
}

void Dispatcher::send(const std::string& id, Job& job, Instant now, Actions& actions) {
  job.sent = true;
  held_bytes_ -= job.bytes;
  record(id, job, "dispatched", now, {{"node", nodes_[*job.node].name}}, actions);
  actions.push_back(ToNode{*job.node, std::exchange(job.submit, {})});
}

// They came before all that wait for a node.
void Dispatcher::take_back_queued(Node& node) {
  for (const auto& id : node.queue) jobs_.at(id).node.reset();
  waiting_.insert(waiting_.begin(), node.queue.begin(), node.queue.end());
  node.load.jobs -= static_cast<std::uint32_t>(node.queue.size());
  node.queue.clear();
}

void Dispatcher::answer(Jobs::iterator found, Packet packet, Instant now, Actions& actions) {
  const Job job = std::move(found->second);
  if (!job.client_gone) {
    const auto of_client = jobs_per_client_.find(job.client);
    of_client->second.erase(found->first);
    if (of_client->second.empty()) jobs_per_client_.erase(of_client);
    actions.push_back(ToClient{job.client, std::move(packet)});
  }
  jobs_.erase(found);
  if (!job.sent) {
    held_bytes_ -= job.bytes;
    return;
  }
  --nodes_[*job.node].load.jobs;
  nodes_[*job.node].bytes -= job.bytes;
  send_queued(*job.node, now, actions);
}

void Dispatcher::answer_lost(Jobs::iterator found, const std::string& reason, Instant now, Actions& actions) {
  const Node& node = nodes_[*found->second.node];
  record(found->first, found->second, "node.lost", now, {{"node", node.name}, {"reason", reason}}, actions);
  Result result;
  result.job = found->first;
  result.verdict = Verdict::IE;
  result.message = fmt::format("node {} at {} was lost while it had this job ({}); submit it again",
                               node.name, node.address, reason);
  result.node = node.name;
  record(found->first, found->second, "returned", now, {{"verdict", std::string(to_text(result.verdict))}},
         actions);
  result.events = found->second.events;
  answer(found, std::move(result), now, actions);
}

void Dispatcher::record(const std::string& id, Job& job, const char* name, Instant now,
                        std::map<std::string, FieldValue> fields, Actions& actions) {
  Event event{now.utc, now.monotonic - job.received.monotonic, name_, id, name, std::move(fields)};
  job.events.push_back(event);
  if (job.live_events && !job.client_gone) actions.push_back(ToClient{job.client, LiveEvent{event}});
  actions.push_back(ToLog{std::move(event)});
}

Dispatcher::Jobs::iterator Dispatcher::job_at(NodeIndex node, const std::string& id) {
  const auto found = jobs_.find(id);
  return found != jobs_.end() && found->second.sent && found->second.node == node ? found : jobs_.end();
}

Event Dispatcher::unexpected(NodeIndex node, const std::string& job, Instant now) const {
  return {now.utc, {}, name_, job, "answer.unexpected", {{"node", nodes_[node].name}}};
}

std::string Dispatcher::why_no_node() const {
  std::string text = "no node can be reached:";
  for (const Node& node : nodes_) text += fmt::format(" {} ({});", node.address, node.problem);
  return text + " start a node, or submit again later";
}

}  // namespace rota::portal
