#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "net/stream.hpp"
#include "net/timer.hpp"

namespace rota::net {

// Resolves a host name and connects; tries each address in turn. One attempt at a time.
class Connector {
 public:
  using Done = std::function<void(std::unique_ptr<PacketStream> stream, const std::string& problem)>;

  explicit Connector(Loop& loop);
  ~Connector();

  // Calls back once, with a stream or with a problem; never after destruction.
  void connect(const std::string& host, int port, std::chrono::milliseconds timeout, Done done);

 private:
  struct Attempt;
  Loop& loop_;
  std::shared_ptr<Attempt> attempt_;
};

}  // namespace rota::net
