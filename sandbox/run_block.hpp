#pragma once
// The memory that the supervisor shares with the processes of its runs: what the next run is, and what became of it.
// One mapping, made before the zygote is forked, so that pointers into it mean the same on both sides. Who may write
// what follows from the phase; every change of it is told by an eventfd, whose system calls order the memory.
//
//   preparing ──▶ prepared ──(the word to go)──▶ ended
//       └─────────────┴──▶ ended as well, with a failed step, where one fails

#include <sys/resource.h>
#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "sandbox/spec.hpp"
#include "sandbox/step.hpp"

namespace rota::sandbox {

enum class Phase : std::uint32_t {
  preparing,  // init and payload are being made
  prepared,   // the payload waits for the word to go
  ended,      // every process but init is dead; wait_status and usage hold, or a step has failed
};

struct ResourceLimit {
  __rlimit_resource kind;
  rlimit value;
};

// A file to be copied into /work before the program starts.
struct BlockInput {
  int fd;
  mode_t mode;
  char name[kMaxFileNameBytes + 1];
};

inline constexpr std::size_t kMaxResourceLimits = 16;  // RLIM_NLIMITS
// Argument texts, each with its pointer: at worst every byte of the arguments is one of its own.
inline constexpr std::size_t kArenaBytes = 4 << 20;

struct RunBlock {
  std::atomic<Phase> phase;

  // Of the preparation. Descriptors are of the table that supervisor, zygote and init share.
  int birth_cgroup;         // -1: where the zygote is
  int init_pidfd;           // written by the kernel
  int proc;                 // the run's /proc, where the supervisor wants to see it; else -1
  int notifications;        // of the zygote's filter, see seccomp_unotify(2)
  int socket_counts;        // of the zygote's network namespace: /proc/PID/net/sockstat
  std::atomic<pid_t> init;  // 0: there is none

  // What to run; written before the word to go.
  int standard_fds[3];
  int program_fd;  // -1: look for the program by name
  std::uint32_t input_count, limit_count;
  BlockInput inputs[kMaxInputs];
  ResourceLimit limits[kMaxResourceLimits];
  char** argv;
  char** environment;
  char** programs;  // paths to try, ended by a null pointer

  // The payload's last words before it becomes the program.
  std::atomic<bool> went;               // it has taken the word to go
  std::atomic<std::uint64_t> start_ns;  // CLOCK_MONOTONIC, just before exec; 0: not yet
  // CPU time that the payload's process had used until the word to go, and until exec.
  std::uint64_t prepare_cpu_ns, start_cpu_ns;

  // Init's.
  std::int32_t wait_status;  // of the payload, wait(2)
  std::uint64_t end_ns;      // CLOCK_MONOTONIC, once all were dead
  rusage usage;              // of all that init waited for

  // The first step that failed, if any.
  std::atomic<bool> failed;
  Step failed_step;
  std::int32_t failed_errno;

  char arena[kArenaBytes];
};

}  // namespace rota::sandbox
