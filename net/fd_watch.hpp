#pragma once

#include <functional>

#include "net/handle.hpp"
#include "net/loop.hpp"

namespace rota::net {

// Calls back while a descriptor (not owned; must outlive the watch) is readable or has hung up.
class FdWatch {
 public:
  FdWatch(Loop& loop, int fd, std::function<void()> on_readable);

 private:
  static void on_poll(uv_poll_t* handle, int status, int events);

  Loop& loop_;
  HandlePtr<uv_poll_t> poll_;
  std::function<void()> on_readable_;
};

}  // namespace rota::net
