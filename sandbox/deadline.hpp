#pragma once
// A moment on CLOCK_MONOTONIC at which the run's poll loop has something to do, or never. The loop waits no longer than
// until the first of its deadlines: that needs no timer of the kernel's beside the wait itself.

#include <time.h>

#include <chrono>

namespace rota::sandbox {

inline std::chrono::nanoseconds monotonic_now() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

class Deadline {
 public:
  std::chrono::nanoseconds time() const { return time_; }
  bool has_passed(std::chrono::nanoseconds now) const { return now >= time_; }

  void set_at(std::chrono::nanoseconds time) { time_ = time; }
  void set_after(std::chrono::nanoseconds delay) { time_ = monotonic_now() + delay; }
  void clear() { time_ = kNever; }

 private:
  static constexpr std::chrono::nanoseconds kNever = std::chrono::nanoseconds::max();
  std::chrono::nanoseconds time_ = kNever;
};

}  // namespace rota::sandbox
