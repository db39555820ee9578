#include "net/timer.hpp"

namespace rota::net {
namespace {

std::uint64_t count_of(std::chrono::milliseconds time) {
  return static_cast<std::uint64_t>(time.count());
}

}  // namespace

Timer::Timer(Loop& loop) : loop_(loop), timer_(new uv_timer_t{}) {
  uv_timer_init(loop.raw(), timer_.get());
  timer_->data = this;
}

void Timer::once(std::chrono::milliseconds delay, std::function<void()> callback) {
  stop();
  callback_ = std::move(callback);
  if (delay.count() <= 0) return start_next_turn();
  // libuv counts from the loop's cached time, which is old when this turn has worked for long.
  uv_update_time(loop_.raw());
  uv_timer_start(timer_.get(), on_due<uv_timer_t>, count_of(delay), 0);
}

void Timer::every(std::chrono::milliseconds period, std::function<void()> callback) {
  stop();
  callback_ = std::move(callback);
  uv_update_time(loop_.raw());
  uv_timer_start(timer_.get(), on_due<uv_timer_t>, count_of(period), count_of(period));
}

void Timer::stop() {
  uv_timer_stop(timer_.get());
  if (next_turn_) uv_idle_stop(next_turn_.get());
}

// Not a timer of 0 ms: libuv runs one that its own callback has started anew over and over before it looks at
// any socket. Idle handles get one call a turn, and the loop does not sleep while there is one.
void Timer::start_next_turn() {
  if (!next_turn_) {
    next_turn_.reset(new uv_idle_t{});
    uv_idle_init(loop_.raw(), next_turn_.get());
    next_turn_->data = this;
  }
  uv_idle_start(next_turn_.get(), on_due<uv_idle_t>);
}

template <typename Handle>
void Timer::on_due(Handle* handle) {
  auto* self = static_cast<Timer*>(handle->data);
  if (self != nullptr) self->due();
}

void Timer::due() {
  if (next_turn_) uv_idle_stop(next_turn_.get());
  auto callback = callback_;  // a copy: the callback may start this timer anew, or destroy it
  Loop& loop = loop_;
  loop.guard([&] { callback(); });
}

}  // namespace rota::net
