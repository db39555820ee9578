#pragma once

#include <chrono>
#include <functional>

#include "net/handle.hpp"
#include "net/loop.hpp"

namespace rota::net {

// Calls back once or repeatedly; stops when it goes.
class Timer {
 public:
  explicit Timer(Loop& loop);
  void once(std::chrono::milliseconds delay, std::function<void()> callback);
  void every(std::chrono::milliseconds period, std::function<void()> callback);
  void stop();

 private:
  static void on_timer(uv_timer_t* handle);
  void start(std::chrono::milliseconds delay, std::chrono::milliseconds period,
             std::function<void()> callback);

  Loop& loop_;
  HandlePtr<uv_timer_t> timer_;
  std::function<void()> callback_;
};

}  // namespace rota::net
