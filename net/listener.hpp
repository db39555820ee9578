#pragma once

#include <functional>
#include <memory>
#include <string>

#include "net/stream.hpp"

namespace rota::net {

class TlsContext;

// How connections are protected. An address that others than this machine can reach is listened on with TLS, or where the
// operator says in so many words that the network is to be trusted.
struct Protection {
  std::shared_ptr<const TlsContext> tls;  // null: plain
  bool is_insecure_wanted = false;
};

// Listens on one TCP address. Port 0 takes a free port.
class Listener {
 public:
  enum class Start { now, later };

  // Throws std::runtime_error with the address when it cannot be had, or is reached by others and not protected. later:
  // the address is ours and its port known, and connections are refused until listen().
  Listener(Loop& loop, const std::string& host, int port,
           std::function<void(std::unique_ptr<PacketStream>)> on_accept, Start start = Start::now,
           Protection protection = {});

  // Once. Throws as the constructor does.
  void listen();

  int port() const { return port_; }
  bool is_loopback() const { return is_loopback_; }
  const std::string& host() const { return host_; }

 private:
  static void on_connection(uv_stream_t* handle, int status);

  Loop& loop_;
  HandlePtr<uv_tcp_t> socket_;
  std::function<void(std::unique_ptr<PacketStream>)> on_accept_;
  Protection protection_;
  std::string host_;
  int port_ = 0;
  bool is_loopback_ = false;
};

}  // namespace rota::net
