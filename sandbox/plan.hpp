#pragma once
// Everything that a run's processes need after clone, made ready before it. They only read it: nothing
// allocates between clone and exec.

#include <linux/filter.h>
#include <sys/resource.h>

#include <array>
#include <span>
#include <string>
#include <vector>

#include "sandbox/identity.hpp"
#include "sandbox/seccomp_program.hpp"
#include "sandbox/spec.hpp"

namespace rota::sandbox {

// Of programs, unless their environment says other.
inline constexpr const char* kPath = "/usr/local/bin:/usr/bin:/bin";
inline constexpr std::uint64_t kMaxInodes = 16'384;  // files in each of /work and /tmp
inline constexpr rlim_t kMaxOpenFiles = 1024;        // of each process
inline constexpr rlim_t kMaxStackBytes = 256 << 20;  // or the memory limit, where that is less

struct ResourceLimit {
  __rlimit_resource kind;
  rlimit value;
};

struct RunPlan {
  RunPlan() = default;
  ~RunPlan() = default;
  RunPlan(const RunPlan&) = delete;  // argv and others point into texts
  RunPlan& operator=(const RunPlan&) = delete;

  std::vector<std::string> texts;        // owns what the next three point to
  std::vector<char*> argv, environment;  // as execve(2) takes them
  std::vector<const char*> programs;     // paths to try, in order
  std::vector<ResourceLimit> resource_limits;
  sock_fprog filter{};
  std::array<int, 3> standard_fds{-1, -1, -1};

  Identity identity;
  std::string host_name, work_options, tmp_options;  // mount options, see tmpfs(5)
  std::span<const int> join_fds;                     // of the cgroup
  bool is_born_in_cgroup = false;                    // which then is not to be joined
  const RunSpec* spec = nullptr;                     // inputs and outputs
  int control = -1;                                  // init's end
  int supervisor_control = -1;                       // the other end, which init closes
  bool send_proc = false;  // the supervisor wants the run's /proc, to read CPU times
};

// What of a box's state goes into every plan.
struct PlanBasis {
  const Identity& identity;
  const SeccompProgram& filter;
  const std::string& host_name;
  std::span<const int> join_fds;
  bool is_born_in_cgroup = false;
  bool limits_memory = false;     // by cgroup; otherwise by rlimit
  bool limits_processes = false;  // by cgroup; otherwise by rlimit
  bool counts_cpu = false;        // by cgroup; otherwise from /proc
};

// Fills all but the descriptors. spec and basis must outlive the plan.
void fill_plan(RunPlan& plan, const PlanBasis& basis, const RunSpec& spec);

}  // namespace rota::sandbox
