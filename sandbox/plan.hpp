#pragma once
// What a run is, as its processes need it: the spec, in the memory that they share with the supervisor. They only
// read it, and allocate nothing.

#include <array>

#include "sandbox/identity.hpp"
#include "sandbox/run_block.hpp"
#include "sandbox/spec.hpp"

namespace rota::sandbox {

// Of programs, unless their environment says other.
inline constexpr const char* kPath = "/usr/local/bin:/usr/bin:/bin";
inline constexpr rlim_t kMaxStackBytes = 256 << 20;  // or the memory limit, where that is less

// Of the supervisor, by kind: a hard limit can be lowered by everybody and raised by nobody here (no
// CAP_SYS_RESOURCE), so that they stay as they were at its start.
using HardLimits = std::array<rlim_t, RLIM_NLIMITS>;
HardLimits read_hard_limits();

// What a box's state has to say on it.
struct PlanBasis {
  const Identity& identity;
  bool limits_memory = false;     // by cgroup; otherwise by rlimit
  bool limits_processes = false;  // by cgroup; otherwise by rlimit
  const HardLimits& hard_limits;
};

// Fills what the payload needs, save the standard descriptors. The spec must have passed find_problem.
void fill_block(RunBlock& block, const PlanBasis& basis, const RunSpec& spec);

// Room in /work for the inputs, in whole pages, as tmpfs counts: what the program finds there is not to take room from
// what it may write. Throws std::runtime_error where they pass kMaxBytes.
std::uint64_t bytes_of_inputs(const RunSpec& spec);

}  // namespace rota::sandbox
