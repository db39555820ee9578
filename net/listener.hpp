#pragma once

#include <functional>
#include <memory>
#include <string>

#include "net/stream.hpp"

namespace rota::net {

// Listens on one TCP address. Port 0 takes a free port.
class Listener {
 public:
  // Throws std::runtime_error with the address when it cannot be bound.
  Listener(Loop& loop, const std::string& host, int port,
           std::function<void(std::unique_ptr<PacketStream>)> on_accept);

  int port() const { return port_; }
  const std::string& host() const { return host_; }

 private:
  static void on_connection(uv_stream_t* handle, int status);

  Loop& loop_;
  HandlePtr<uv_tcp_t> socket_;
  std::function<void(std::unique_ptr<PacketStream>)> on_accept_;
  std::string host_;
  int port_ = 0;
};

}  // namespace rota::net
