// The dispatcher's view of its nodes: which get jobs, which are quarantined or drain, and what is told of them.

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "portal/dispatcher.hpp"

namespace rota::portal {

using namespace protocol;

namespace {

NodeKind kind_of(const Hello& hello) {
  NodeKind kind{hello.accepts, hello.labels};
  std::sort(kind.accepts.begin(), kind.accepts.end());
  std::sort(kind.labels.begin(), kind.labels.end());
  return kind;
}

}  // namespace

void Dispatcher::count_failure(NodeIndex index, const std::string& reason) {
  Node& node = nodes_[index];
  if (++node.failures < kFailuresToQuarantine || node.quarantined) return;
  node.quarantined = true;
  node.self_test_pause = bounds_.first_self_test;
  node.next_self_test = clock_().monotonic + node.self_test_pause;
  note_of(index, "node.quarantined", reason);
  refresh(index);
}

// One of version 1 cannot be asked: the pause is all.
void Dispatcher::ask_self_test(NodeIndex index) {
  Node& node = nodes_[index];
  node.self_test_pause = std::min(node.self_test_pause * 2, bounds_.longest_self_test);
  node.next_self_test = clock_().monotonic + node.self_test_pause;
  if (node.hello.session.empty()) return self_tested(index, "");
  to_node(index, SelfTest{});
}

// It is on probation: its next failure sends it back.
void Dispatcher::self_tested(NodeIndex index, const std::string& problem) {
  Node& node = nodes_[index];
  if (!node.quarantined || !problem.empty()) return;
  node.quarantined = false;
  node.failures = kFailuresToQuarantine - 1;
  note_of(index, "node.returned", "it has passed its self-test");
  refresh(index);
}

void Dispatcher::node_drains(NodeIndex index, bool on) {
  nodes_[index].drains = on;
  note_of(index, on ? "node.draining" : "node.returned", "by itself");
  refresh(index);
}

bool Dispatcher::drain(const std::string& name, bool on) {
  if (name.empty()) return false;  // as a node is named that has not said hello
  for (NodeIndex i = 0; i < nodes_.size(); ++i) {
    if (nodes_[i].hello.name != name && nodes_[i].address != name) continue;
    nodes_[i].drained = on;
    note_of(i, on ? "node.draining" : "node.returned", "by an administrator");
    refresh(i);
    return true;
  }
  return false;
}

// Whether it gets jobs.
void Dispatcher::refresh(NodeIndex index) {
  Node& node = nodes_[index];
  const bool open = node.ready && !node.drains && !node.drained && !node.quarantined && !node.rests_until;
  if (!open) return set_.close(index);
  set_.open(index, kind_of(node.hello), std::max(1u, node.hello.slots));
  pump();
}

// What comes with time.
void Dispatcher::look_after(NodeIndex index, Nanoseconds now) {
  Node& node = nodes_[index];
  if (node.away_since && now - *node.away_since >= bounds_.grace)
    lose_all(index, fmt::format("it was away for more than {} ms ({})", bounds_.grace.count(), node.problem));
  if (node.down_since && now - *node.down_since >= bounds_.farewell) set_.forget(index);
  if (node.rests_until && now >= *node.rests_until) {
    node.rests_until.reset();
    refresh(index);
  }
  if (node.quarantined && node.up && now >= node.next_self_test) ask_self_test(index);
}

bool Dispatcher::any_ready() const {
  return std::any_of(nodes_.begin(), nodes_.end(), [](const Node& node) { return node.ready; });
}

Nodes Dispatcher::nodes() const {
  Nodes reply;
  for (const Node& node : nodes_) {
    NodeState state = node.up ? NodeState::up : NodeState::down;
    if (node.up && (node.drains || node.drained)) state = NodeState::draining;
    if (node.up && node.quarantined) state = NodeState::quarantined;
    reply.nodes.push_back({.name = node.hello.name,
                           .address = node.address,
                           .up = node.up,
                           .problem = node.problem,
                           .slots = node.hello.slots,
                           .jobs = static_cast<std::uint32_t>(node.jobs.size()),
                           .languages = node.hello.languages,
                           .toolchains = node.hello.toolchains,
                           .state = state,
                           .labels = node.hello.labels,
                           .memory_bytes = node.hello.memory_bytes});
  }
  return reply;
}

const std::string& Dispatcher::name_of(NodeIndex index) const {
  const Node& node = nodes_.at(index);
  return node.hello.name.empty() ? node.address : node.hello.name;
}

void Dispatcher::note_of(NodeIndex index, const char* event, const std::string& reason) {
  std::map<std::string, FieldValue> fields{{"node", nodes_[index].hello.name},
                                           {"address", nodes_[index].address}};
  if (!reason.empty()) fields.emplace("reason", reason);
  out_(ToLog{{clock_().utc, {}, name_, "", event, std::move(fields)}});
}

}  // namespace rota::portal
