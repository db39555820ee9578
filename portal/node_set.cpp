#include "portal/node_set.hpp"

#include <algorithm>
#include <utility>

namespace rota::portal {

using protocol::Schedule;

template <typename Change>
void NodeSet::change(NodeIndex index, Change&& change) {
  leave(index);
  change(nodes_[index]);
  enter(index);
}

NodeIndex NodeSet::add() {
  nodes_.push_back({.group = groups_.end()});
  ++untold_;
  return nodes_.size() - 1;
}

void NodeSet::open(NodeIndex index, NodeKind kind, std::uint32_t slots) {
  close(index);
  const auto group = groups_.try_emplace(std::move(kind)).first;
  ++group->second.nodes;
  forget(index);
  Node& node = nodes_[index];
  node.group = group;
  ++group->second.open;
  if (!std::exchange(node.has_come, true)) --untold_;
  node.open = true;
  node.slots = slots;
  enter(index);
}

void NodeSet::close(NodeIndex index) {
  Node& node = nodes_[index];
  if (!node.open) return;
  leave(index);
  node.open = false;
  --node.group->second.open;
}

void NodeSet::forget(NodeIndex index) {
  close(index);
  const auto group = std::exchange(nodes_[index].group, groups_.end());
  if (group != groups_.end() && --group->second.nodes == 0) groups_.erase(group);
}

bool NodeSet::can_take(const JobInfo& job) const {
  if (free_slots_ == 0) return false;
  const bool any_kind = goes_anywhere(job.need);
  return std::any_of(groups_.begin(), groups_.end(), [&](const auto& entry) {
    const auto& [kind, group] = entry;
    return !group.any.empty() && has_labels(kind, job) && (any_kind || accepts(kind, job.need));
  });
}

std::optional<NodeIndex> NodeSet::take(const JobInfo& job, std::optional<NodeIndex> avoided) {
  const bool is_hidden = avoided && nodes_[*avoided].has_room;
  if (is_hidden) leave(*avoided);
  auto chosen = pick(job.schedule, groups_for(job));
  if (is_hidden) enter(*avoided);
  if (!chosen && is_hidden) chosen = pick(job.schedule, groups_for(job));
  if (!chosen) return std::nullopt;
  change(*chosen, [&](Node& node) {
    node.served = ++services_;
    ++node.jobs;
    node.bytes += job.bytes;
  });
  return chosen;
}

void NodeSet::hold(NodeIndex node, std::uint64_t bytes) {
  change(node, [bytes](Node& changed) {
    ++changed.jobs;
    changed.bytes += bytes;
  });
}

void NodeSet::release(NodeIndex node, std::uint64_t bytes) {
  change(node, [bytes](Node& changed) {
    --changed.jobs;
    changed.bytes -= bytes;
  });
}

bool NodeSet::has_labels(const NodeKind& kind, const JobInfo& job) {
  return std::all_of(job.labels.begin(), job.labels.end(), [&](const std::string& label) {
    return std::binary_search(kind.labels.begin(), kind.labels.end(), label);
  });
}

bool NodeSet::accepts(const NodeKind& kind, const std::string& need) {
  return kind.accepts.empty() || std::binary_search(kind.accepts.begin(), kind.accepts.end(), need);
}

// What no node accepts goes to any: its refusal says what there is. One that accepts it and is closed just now may be back
// soon, and one that has not said anything yet may be the one.
bool NodeSet::goes_anywhere(const std::string& need) const {
  if (untold_ > 0 && waits_for_untold_) return false;
  return std::none_of(groups_.begin(), groups_.end(), [&](const auto& entry) {
    const auto& [kind, group] = entry;
    return accepts(kind, need) && (group.open > 0 || !kind.accepts.empty());
  });
}

std::vector<NodeSet::Groups::iterator> NodeSet::groups_for(const JobInfo& job) {
  const bool any_kind = goes_anywhere(job.need);
  std::vector<Groups::iterator> found;
  for (auto group = groups_.begin(); group != groups_.end(); ++group) {
    if (group->second.any.empty() || !has_labels(group->first, job)) continue;
    if (any_kind || accepts(group->first, job.need)) found.push_back(group);
  }
  return found;
}

std::optional<NodeIndex> NodeSet::pick(Schedule schedule, const std::vector<Groups::iterator>& groups) {
  if (groups.empty()) return std::nullopt;
  switch (schedule) {
    case Schedule::random:
      return pick_random(groups);
    case Schedule::round_robin:
      return pick_next(groups);
    case Schedule::least_loaded:
      break;
  }
  return pick_least_loaded(groups);
}

NodeIndex NodeSet::pick_random(const std::vector<Groups::iterator>& groups) {
  std::size_t all = 0;
  for (const auto& group : groups) all += group->second.any.size();
  std::size_t at = std::uniform_int_distribution<std::size_t>(0, all - 1)(random_);
  for (const auto& group : groups) {
    if (at < group->second.any.size()) return group->second.any[at];
    at -= group->second.any.size();
  }
  return groups.back()->second.any.back();  // not reached
}

NodeIndex NodeSet::pick_next(const std::vector<Groups::iterator>& groups) {
  std::optional<NodeIndex> next;
  NodeIndex first = nodes_.size();
  for (const auto& group : groups) {
    const auto& nodes = group->second.in_order;
    const auto found = nodes.lower_bound(round_robin_turn_);
    if (found != nodes.end() && (!next || *found < *next)) next = *found;
    first = std::min(first, *nodes.begin());
  }
  const NodeIndex chosen = next.value_or(first);
  round_robin_turn_ = chosen + 1;
  return chosen;
}

NodeIndex NodeSet::pick_least_loaded(const std::vector<Groups::iterator>& groups) {
  const auto best = std::min_element(groups.begin(), groups.end(), [](const auto& a, const auto& b) {
    return *a->second.by_load.begin() < *b->second.by_load.begin();
  });
  return (*best)->second.by_load.begin()->node;
}

NodeSet::Rank NodeSet::rank_of(NodeIndex index) const {
  const Node& node = nodes_[index];
  return {(std::uint64_t{node.jobs} << 32) / node.slots, node.served, index};
}

// Among those that are chosen from, if it has room.
void NodeSet::enter(NodeIndex index) {
  Node& node = nodes_[index];
  node.has_room = node.open && node.jobs < node.slots && node.bytes < kFullBytes;
  if (!node.has_room) return;
  Group& group = node.group->second;
  group.by_load.insert(rank_of(index));
  group.in_order.insert(index);
  node.place = group.any.size();
  group.any.push_back(index);
  free_slots_ += node.slots - node.jobs;
}

void NodeSet::leave(NodeIndex index) {
  Node& node = nodes_[index];
  if (!node.has_room) return;
  Group& group = node.group->second;
  group.by_load.erase(rank_of(index));
  group.in_order.erase(index);
  nodes_[group.any.back()].place = node.place;
  group.any[node.place] = group.any.back();
  group.any.pop_back();
  node.has_room = false;
  free_slots_ -= node.slots - node.jobs;
}

}  // namespace rota::portal
