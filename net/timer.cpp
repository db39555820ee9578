#include "net/timer.hpp"

namespace rota::net {

Timer::Timer(Loop& loop) : loop_(loop), timer_(new uv_timer_t{}) {
  uv_timer_init(loop.raw(), timer_.get());
  timer_->data = this;
}

void Timer::once(std::chrono::milliseconds delay, std::function<void()> callback) {
  start(delay, std::chrono::milliseconds(0), std::move(callback));
}

void Timer::every(std::chrono::milliseconds period, std::function<void()> callback) {
  start(period, period, std::move(callback));
}

void Timer::stop() {
  uv_timer_stop(timer_.get());
}

void Timer::start(std::chrono::milliseconds delay, std::chrono::milliseconds period,
                  std::function<void()> callback) {
  callback_ = std::move(callback);
  // libuv counts from the loop's cached time, which is old when this turn has worked for long.
  uv_update_time(loop_.raw());
  uv_timer_start(timer_.get(), on_timer, static_cast<std::uint64_t>(delay.count()),
                 static_cast<std::uint64_t>(period.count()));
}

void Timer::on_timer(uv_timer_t* handle) {
  auto* self = static_cast<Timer*>(handle->data);
  if (self == nullptr) return;
  auto callback = self->callback_;  // a copy: the callback may start this timer anew, or destroy it
  self->loop_.guard([&] { callback(); });
}

}  // namespace rota::net
