#pragma once
// Which node gets the next job. Sans-IO: the same calls with the same seed always give the same choices.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <span>

#include "protocol/packets.hpp"

namespace rota::portal {

struct NodeLoad {
  bool up = false;
  std::uint32_t slots = 1;  // runs at a time
  std::uint32_t jobs = 0;   // given to it and not answered yet
};

class Scheduler {
 public:
  explicit Scheduler(std::uint64_t seed) : random_(seed) {}

  // Index of the chosen node, or nullopt when none is up. Nodes that are down are skipped:
  //   random        uniformly among those that are up;
  //   round-robin   1, 2, … N in order over all submissions that ask for it;
  //   least-loaded  the smallest jobs / slots, in turn where several are equal.
  std::optional<std::size_t> pick(protocol::Schedule schedule, std::span<const NodeLoad> nodes);

 private:
  std::optional<std::size_t> pick_random(std::span<const NodeLoad> nodes);
  std::optional<std::size_t> pick_next(std::span<const NodeLoad> nodes);
  std::optional<std::size_t> pick_least_loaded(std::span<const NodeLoad> nodes);

  std::mt19937_64 random_;
  std::size_t round_robin_turn_ = 0;
  std::size_t least_loaded_turn_ = 0;
};

}  // namespace rota::portal
