#include "portal/scheduler.hpp"

#include <vector>

namespace rota::portal {

using protocol::Schedule;

std::optional<std::size_t> Scheduler::pick(Schedule schedule, std::span<const NodeLoad> nodes) {
  switch (schedule) {
    case Schedule::random:
      return pick_random(nodes);
    case Schedule::round_robin:
      return pick_next(nodes);
    case Schedule::least_loaded:
      return pick_least_loaded(nodes);
  }
  return std::nullopt;
}

std::optional<std::size_t> Scheduler::pick_random(std::span<const NodeLoad> nodes) {
  std::vector<std::size_t> up;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].up) up.push_back(i);
  }
  if (up.empty()) return std::nullopt;
  return up[std::uniform_int_distribution<std::size_t>(0, up.size() - 1)(random_)];
}

std::optional<std::size_t> Scheduler::pick_next(std::span<const NodeLoad> nodes) {
  for (std::size_t step = 0; step < nodes.size(); ++step) {
    const std::size_t node = (round_robin_turn_ + step) % nodes.size();
    if (!nodes[node].up) continue;
    round_robin_turn_ = (node + 1) % nodes.size();
    return node;
  }
  return std::nullopt;
}

std::optional<std::size_t> Scheduler::pick_least_loaded(std::span<const NodeLoad> nodes) {
  const auto less_loaded = [](const NodeLoad& a, const NodeLoad& b) {
    return std::uint64_t{a.jobs} * b.slots < std::uint64_t{b.jobs} * a.slots;
  };
  std::optional<std::size_t> best;
  for (std::size_t step = 0; step < nodes.size(); ++step) {
    const std::size_t node = (least_loaded_turn_ + step) % nodes.size();
    if (nodes[node].up && (!best || less_loaded(nodes[node], nodes[*best]))) best = node;
  }
  if (best) least_loaded_turn_ = (*best + 1) % nodes.size();
  return best;
}

}  // namespace rota::portal
