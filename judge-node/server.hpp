#pragma once
// The node's connections.

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

#include "judge-node/connection.hpp"
#include "net/stream.hpp"

namespace rota::node {

class Server {
 public:
  Server(ConnectionContext context, std::size_t max_connections)
      : context_(std::move(context)), max_connections_(max_connections) {}

  void accept(std::unique_ptr<net::PacketStream> stream);

 private:
  void refuse(std::unique_ptr<net::PacketStream> stream);
  void remove(std::uint64_t number, const std::string& peer);

  ConnectionContext context_;
  std::size_t max_connections_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> connections_;
  std::uint64_t next_number_ = 0;
};

}  // namespace rota::node
