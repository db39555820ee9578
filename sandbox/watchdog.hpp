#pragma once
// The second thread of the supervisor, for runs that the first cannot end in time.
//
// The first thread reads the run's output pipes, and the kernel lets a program keep it waiting there: whoever holds a
// pipe's mutex (sendfile(2) from a socket that stays empty, or a writer that gets no CPU) holds up every other reader,
// uninterruptibly, so that not even SIGKILL would help. While that lasts no deadline of the first thread's is kept. The
// watchdog touches nothing that a program can hold. It sleeps until the first thread's deadline is overdue, looks by
// itself whether the run has passed a limit, and ends it; with the run, whoever held the pipe is gone.
//
// It asks for real-time priority (sched(7)), so that limits are also kept where programs leave the first thread no CPU;
// without the right to it (CAP_SYS_NICE) it goes on as it is.
//
// A run that is over before its first deadline costs one system call, and never wakes the thread.

#include <sched.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <thread>

#include "base/unique_fd.hpp"

namespace rota::sandbox {

class Watchdog {
 public:
  // How long the first thread may be late.
  static constexpr std::chrono::milliseconds kGrace{5};

  class Run {
   public:
    virtual ~Run() = default;
    // In the watchdog's thread, while the first may be anywhere between begin() and end(): whether it has ended the run.
    // What it throws is taken for no.
    virtual bool end_if_over() = 0;
  };

  // cores: that the thread may use. Returns when it lives. Throws std::system_error.
  explicit Watchdog(const cpu_set_t& cores);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  // These are the first thread's. due: its next deadline, on CLOCK_MONOTONIC. The run must live until end(), which waits
  // for a look that is just being taken.
  void begin(Run& run, std::chrono::nanoseconds due);
  void move_deadline(std::chrono::nanoseconds due) { due_ = due; }
  void end();

 private:
  void live() noexcept;
  void look();
  bool has_ended_run();
  void wake_at(std::chrono::nanoseconds time) const;

  UniqueFd timer_;
  std::mutex mutex_;  // of run_
  Run* run_ = nullptr;
  std::atomic<std::chrono::nanoseconds> due_{};
  std::atomic<bool> living_ = false, stopping_ = false;
  std::thread thread_;
};

}  // namespace rota::sandbox
