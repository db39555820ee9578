#pragma once
// What the zygote's side of the box is made of: three functions, each the whole life of a process. None returns; they
// share one address space, so init and payload, and the zygote once it is born, allocate nothing and call no C library
// (raw_syscall.hpp).

#include <linux/sched.h>

#include <span>

#include "sandbox/zygote.hpp"

namespace rota::sandbox {

// Stands in the zygote's memory; init and payload read it.
struct RunContext {
  RunBlock* block = nullptr;
  const ZygoteBasis* basis = nullptr;
  std::span<const int> join_fds;
  int prepare = -1, go = -1, news = -1;  // eventfds
  int supervisor = -1;                   // pidfd
};

// From fork to the loop that waits to prepare runs. (zygote_process.cpp)
[[noreturn]] void run_zygote(const RunContext& context);

// Process 1 of a run's pid namespace: makes the run's /proc, starts the payload, reaps, and ends everything that is
// left after it. It stays out of the payload's reach: another user (an ordinary user has no other, so it is not dumpable
// either), and as process 1 deaf to signals from inside. (init.cpp)
void run_init(void* context);

// Gives up user, groups and capabilities, waits to go, and becomes the program. (payload.cpp)
void run_payload(void* context);

// Where init and payload of a run stand. The last run's init is dead or has its SIGKILL when the next one is made, so
// that it comes back to no instruction of its own.
struct ChildStack {
  static constexpr std::size_t kBytes = 32 << 10;
  alignas(16) char bytes[kBytes];
};

// A clone3 of a child with its own stack in our memory and our descriptor table. flags are CLONE_*.
long clone_sharing(const RunContext& context, clone_args arguments, ChildStack& stack, void (*entry)(void*));

}  // namespace rota::sandbox
