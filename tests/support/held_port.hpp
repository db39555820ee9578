#pragma once
// A TCP port of loopback that stays ours while no daemon listens on it, so that one can be started there
// again.
//
// A socket is bound to it and does not listen. With SO_REUSEADDR on both sides (libuv sets it for every
// listener) the kernel lets a daemon that names the port bind and listen beside it, but never gives the port
// to somebody who asks for any free one, by bind(2) with port 0 or by connect(2). A connection is refused
// while only our socket is there.

#include <string>

#include "base/unique_fd.hpp"

namespace rota::test {

class HeldPort {
 public:
  HeldPort();  // throws std::system_error

  // "127.0.0.1:PORT"
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  UniqueFd socket_;
  int port_ = 0;
};

}  // namespace rota::test
