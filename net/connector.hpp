#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "net/stream.hpp"

namespace rota::net {

class TlsContext;

// Resolves a host name and connects; tries each of its addresses in turn.
class Connector {
 public:
  // A stream, or null and what went wrong.
  using Done = std::function<void(std::unique_ptr<PacketStream> stream, const std::string& problem)>;

  explicit Connector(Loop& loop) : loop_(loop) {}
  ~Connector() { cancel(); }
  Connector(const Connector&) = delete;
  Connector& operator=(const Connector&) = delete;

  // Calls back once, in a later turn of the loop; gives up after `timeout` for all of it. A connect that is
  // still under way is cancelled. With tls the handshake is part of it, and the stream is one whose server has shown
  // who it is. Problems name the host.
  void connect(const std::string& host, int port, std::chrono::milliseconds timeout, Done done,
               std::shared_ptr<const TlsContext> tls = nullptr);

  // The callback is not called any more.
  void cancel();

 private:
  struct Attempt;
  Loop& loop_;
  std::shared_ptr<Attempt> attempt_;
};

}  // namespace rota::net
