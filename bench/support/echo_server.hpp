#pragma once
// The least that a server can do: a process that sends back every byte as it comes, with poll(2), read(2) and write(2).
// What frames cost without a portal, on this machine, now.

#include <sys/types.h>

#include "base/unique_fd.hpp"

namespace rota::bench {

class EchoServer {
 public:
  // Forks; before there are other threads. Throws std::system_error.
  EchoServer();
  ~EchoServer();
  EchoServer(const EchoServer&) = delete;
  EchoServer& operator=(const EchoServer&) = delete;

  int port() const { return port_; }  // on 127.0.0.1

 private:
  int port_ = 0;
  pid_t pid_ = -1;
};

}  // namespace rota::bench
