#pragma once
// A timerfd (CLOCK_MONOTONIC) for the run's poll loop.

#include <sys/timerfd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "base/check.hpp"
#include "base/unique_fd.hpp"

namespace rota::sandbox {

class Timer {
 public:
  Timer() : fd_(check(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK), "make a timer")) {}

  int fd() const { return fd_.get(); }  // readable when the time has come

  void arm_after(std::chrono::nanoseconds delay) { arm(delay, 0); }
  void arm_at(std::chrono::nanoseconds time) { arm(time, TFD_TIMER_ABSTIME); }
  void disarm() {
    if (armed_) set(std::chrono::nanoseconds(0), 0);
  }

 private:
  // Zero would disarm it; a time that has passed fires at once.
  void arm(std::chrono::nanoseconds time, int flags) {
    set(std::max(time, std::chrono::nanoseconds(1)), flags);
  }
  void set(std::chrono::nanoseconds time, int flags) {
    itimerspec value{};
    value.it_value = {time.count() / 1'000'000'000, time.count() % 1'000'000'000};
    check(::timerfd_settime(fd_.get(), flags, &value, nullptr), "arm a timer");
    armed_ = time.count() != 0;
  }

  UniqueFd fd_;
  bool armed_ = false;  // or fired and not disarmed since
};

}  // namespace rota::sandbox
