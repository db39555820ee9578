#pragma once

#include <functional>
#include <vector>

#include "net/handle.hpp"
#include "net/loop.hpp"

namespace rota::net {

// Calls back in the loop's thread for each of the given signals.
class Signals {
 public:
  Signals(Loop& loop, const std::vector<int>& signals, std::function<void(int signal)> callback);

 private:
  static void on_signal(uv_signal_t* handle, int signal);

  Loop& loop_;
  std::vector<HandlePtr<uv_signal_t>> handles_;
  std::function<void(int)> callback_;
};

}  // namespace rota::net
