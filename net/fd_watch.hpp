#pragma once

#include <functional>

#include "net/handle.hpp"
#include "net/loop.hpp"

namespace rota::net {

// Calls back while a descriptor (not owned; must outlive the watch) is readable or has hung up; where that is asked for,
// while it is writable as well.
class FdWatch {
 public:
  enum class Until { readable, writable };

  FdWatch(Loop& loop, int fd, std::function<void()> on_ready, Until until = Until::readable);

 private:
  static void on_poll(uv_poll_t* handle, int status, int events);

  Loop& loop_;
  HandlePtr<uv_poll_t> poll_;
  std::function<void()> on_ready_;
};

}  // namespace rota::net
