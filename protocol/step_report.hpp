#pragma once
// How one run in a box ended and what it used. Plain data: the sandbox fills it, the node judges by it, the
// wire carries it.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rota::protocol {

// The first thing that ended the run. It comes from counters and from what we did,
// never from a guess at a SIGKILL.
enum class Cause {
  exited,             // by itself, with exit_code
  signalled,          // by a signal that we did not send
  cpu_time,           // we killed it: CPU time limit
  wall_time,          // we killed it: wall time limit
  memory,             // the kernel's OOM killer acted in the box's cgroup
  output,             // we killed it: stdout or stderr passed its limit
  forbidden_syscall,  // it made a system call that nobody may make; detail names it
  box_failure,        // it did not run, or the box broke: our failure; detail says why
};

std::string_view to_text(Cause cause);

struct StepReport {
  Cause cause = Cause::box_failure;
  std::optional<int> exit_code;  // 0 to 255, of the program itself where it exited
  std::optional<int> signal;     // the signal that ended it, ours included
  std::chrono::nanoseconds cpu_time{};
  std::chrono::nanoseconds wall_time{};
  std::uint64_t memory_bytes = 0;  // peak, measured as memory_basis says
  // "cgroup" (all processes, page cache included) or "rusage" (largest process's RSS)
  std::string memory_basis;
  std::uint64_t stdout_bytes = 0;  // kept; at most the limit
  std::uint64_t stderr_bytes = 0;
  bool stdout_cut = false;  // more was written than was kept
  bool stderr_cut = false;
  bool process_limit_hit = false;  // a fork or clone was refused by the process limit
  std::string detail;              // for people, for example "CPU time limit of 1000 ms passed"; may be empty

  bool operator==(const StepReport&) const = default;
};

}  // namespace rota::protocol
