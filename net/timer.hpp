#pragma once

#include <chrono>
#include <functional>

#include "net/handle.hpp"
#include "net/loop.hpp"

namespace rota::net {

// Calls back once or repeatedly; stops when it goes. A delay of zero means the loop's next turn, after
// sockets have been looked at: who starts a timer anew from its own callback keeps nobody else waiting.
class Timer {
 public:
  explicit Timer(Loop& loop);
  void once(std::chrono::milliseconds delay, std::function<void()> callback);
  void every(std::chrono::milliseconds period, std::function<void()> callback);  // period above zero
  void stop();

 private:
  template <typename Handle>
  static void on_due(Handle* handle);
  void start_next_turn();
  void due();

  Loop& loop_;
  HandlePtr<uv_timer_t> timer_;
  HandlePtr<uv_idle_t> next_turn_;  // made when it is wanted first
  std::function<void()> callback_;
};

}  // namespace rota::net
