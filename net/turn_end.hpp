#pragma once
// What is to be done once this turn of the loop has handed out all that has come in: what many callbacks add to (packets for
// one connection, lines for one file) goes out once.

#include <uv.h>

#include <functional>
#include <memory>
#include <vector>

#include "net/handle.hpp"

namespace rota::net {

class Loop;

class TurnEnd {
 public:
  explicit TurnEnd(Loop& loop);

  // Calls back once, before the loop waits for anything again: after the sockets of this turn, or else before they are looked
  // at. In the order of the calls. May be called from such a callback: then that comes after the others.
  void call(std::function<void()> callback);

 private:
  template <typename Handle>
  static void on_end(Handle* handle);
  void run();

  Loop& loop_;
  std::vector<std::function<void()>> callbacks_;
  // Timers and idle handles run before libuv looks at sockets, so there are two ends: uv_loop_t, "The I/O loop".
  HandlePtr<uv_prepare_t> before_sockets_;
  HandlePtr<uv_check_t> after_sockets_;
};

}  // namespace rota::net
