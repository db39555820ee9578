#pragma once

#include <functional>
#include <memory>
#include <string>

#include "net/stream.hpp"

namespace rota::net {

// Listens on one TCP address. Port 0 takes a free port.
class Listener {
 public:
  enum class Start { now, later };

  // Throws std::runtime_error with the address when it cannot be had. later: the address is ours and its port known,
  // and connections are refused until listen().
  Listener(Loop& loop, const std::string& host, int port,
           std::function<void(std::unique_ptr<PacketStream>)> on_accept, Start start = Start::now);

  // Once. Throws as the constructor does.
  void listen();

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
