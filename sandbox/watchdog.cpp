#include "sandbox/watchdog.hpp"

#include <pthread.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <exception>

#include "base/check.hpp"
#include "sandbox/deadline.hpp"

namespace rota::sandbox {
namespace {

using namespace std::chrono_literals;

constexpr auto kLookAgain = 10ms;  // while the first thread is overdue and no limit is passed

}  // namespace

Watchdog::Watchdog(const cpu_set_t& cores)
    : timer_(check(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC), "make the watchdog's timer")),
      thread_([this] { live(); }) {
  const sched_param lowest{1};
  ::pthread_setschedparam(thread_.native_handle(), SCHED_RR, &lowest);  // where we may
  ::pthread_setaffinity_np(thread_.native_handle(), sizeof cores, &cores);
  living_.wait(false);
}

Watchdog::~Watchdog() {
  stopping_ = true;
  wake_at(1ns);
  thread_.join();
}

void Watchdog::begin(Run& run, std::chrono::nanoseconds due) {
  const std::lock_guard lock(mutex_);
  run_ = &run;
  due_ = due;
  wake_at(due + kGrace);
}

// The timer stays as it is: the next run's sets it anew, and one that fires in between finds no run.
void Watchdog::end() {
  const std::lock_guard lock(mutex_);
  run_ = nullptr;
}

// Nothing here allocates unless a run is watched: the zygote is forked while none is.
void Watchdog::live() noexcept {
  living_ = true;
  living_.notify_one();
  std::uint64_t fired = 0;
  while (::read(timer_.get(), &fired, sizeof fired) < 0 || !stopping_) look();
}

// A deadline that has moved is the usual case: the first thread is at work.
void Watchdog::look() {
  const std::lock_guard lock(mutex_);
  if (run_ == nullptr) return;
  const std::chrono::nanoseconds late = due_.load() + kGrace;
  const std::chrono::nanoseconds now = monotonic_now();
  if (now < late) return wake_at(late);
  if (!has_ended_run()) wake_at(now + kLookAgain);
}

// A counter that cannot be read is for the first thread to report, when it comes to it.
bool Watchdog::has_ended_run() {
  try {
    return run_->end_if_over();
  } catch (const std::exception&) {
    return false;
  }
}

// A time that has passed fires at once.
void Watchdog::wake_at(std::chrono::nanoseconds time) const {
  itimerspec value{};
  value.it_value = {time.count() / 1'000'000'000, time.count() % 1'000'000'000};
  check(::timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &value, nullptr), "set the watchdog's timer");
}

}  // namespace rota::sandbox
