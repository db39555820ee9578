#pragma once
// How the zygote's processes take their steps: the first that fails is left in the RunBlock as {step, errno} and ends
// the process.

#include <cstdint>

#include "sandbox/raw_syscall.hpp"
#include "sandbox/run_block.hpp"

namespace rota::sandbox {

// An eventfd's count goes up by one; who reads it wakes.
[[gnu::always_inline]] inline void ring(int eventfd) {
  const std::uint64_t one = 1;
  raw::call(SYS_write, eventfd, &one, sizeof one);
}

[[gnu::always_inline]] inline void await_ring(int eventfd) {
  std::uint64_t count = 0;
  while (raw::call(SYS_read, eventfd, &count, sizeof count) < 0) continue;
}

class ChildSteps {
 public:
  // news: rung so that the supervisor looks at the block.
  ChildSteps(RunBlock& block, int news) : block_(block), news_(news) {}

  // result: of a raw system call, -errno where it failed. Gives it back.
  [[gnu::always_inline]] long take(Step step, long result) const {
    if (result < 0) fail(step, static_cast<int>(-result));
    return result;
  }

  [[noreturn]] void fail(Step step, int error) const {
    if (!block_.failed) {
      block_.failed_step = step;
      block_.failed_errno = error;
      block_.failed = true;
    }
    ring(news_);
    raw::call(SYS_exit_group, kFailed);
    __builtin_trap();
  }

  static constexpr int kFailed = 127;

 private:
  RunBlock& block_;
  int news_;
};

}  // namespace rota::sandbox
