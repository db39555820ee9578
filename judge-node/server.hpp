#pragma once
// The node's connections: those that peers make, and those that the node makes itself. Past their bound a peer is told
// that the node is busy.

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "judge-node/connection.hpp"
#include "net/stream.hpp"

namespace rota::node {

class Server {
 public:
  // Who is refused stays open until it has read so. Past this many at a time they are closed without a word.
  static constexpr std::size_t kMaxRefused = 8;

  Server(ConnectionContext context, std::size_t max_connections)
      : context_(std::move(context)), max_connections_(max_connections) {}

  void accept(std::unique_ptr<net::PacketStream> stream);

  // A connection that this node has made; what it says first. events.on_gone comes once the connection is no more, and
  // not after drop(). Returns its number.
  std::uint64_t serve(std::unique_ptr<net::PacketStream> stream,
                      const std::vector<protocol::Packet>& introduction, ConnectionEvents events);
  void drop(std::uint64_t number);

  // To every portal: this node takes no new jobs.
  void tell_drain();

  // No answer is due or under way on any connection; see Connection.
  bool has_answered_all() const;

 private:
  Connection& open(std::unique_ptr<net::PacketStream> stream, ConnectionEvents events);
  void refuse(std::unique_ptr<net::PacketStream> stream);
  void remove(std::uint64_t number, const std::string& peer);

  ConnectionContext context_;
  std::size_t max_connections_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> connections_;
  std::unordered_map<std::uint64_t, std::unique_ptr<net::PacketStream>> refused_;
  std::uint64_t next_number_ = 0;
};

}  // namespace rota::node
