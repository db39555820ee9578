#include "judge-node/server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "protocol/conversion.hpp"

namespace rota::node {

void Server::accept(std::unique_ptr<net::PacketStream> stream) {
  if (connections_.size() >= max_connections_) return refuse(std::move(stream));
  open(std::move(stream), {}).start();
}

std::uint64_t Server::serve(std::unique_ptr<net::PacketStream> stream,
                            const std::vector<protocol::Packet>& introduction, ConnectionEvents events) {
  const std::uint64_t number = next_number_;
  Connection& connection = open(std::move(stream), std::move(events));
  connection.start();
  connection.introduce(introduction);
  return number;
}

Connection& Server::open(std::unique_ptr<net::PacketStream> stream, ConnectionEvents events) {
  const std::string peer = stream->peer();
  const std::uint64_t number = next_number_++;
  events.on_gone = [this, number, peer, also = std::move(events.on_gone)] {
    remove(number, peer);
    if (also) also();
  };
  context_.log.note("connection.opened", {{"peer", peer}});
  auto connection = std::make_unique<Connection>(context_, std::move(stream), std::move(events));
  return *connections_.emplace(number, std::move(connection)).first->second;
}

void Server::drop(std::uint64_t number) {
  connections_.erase(number);
}

void Server::tell_drain() {
  for (const auto& [number, connection] : connections_) connection->tell_drain();
}

bool Server::has_answered_all() const {
  return std::all_of(connections_.begin(), connections_.end(),
                     [](const auto& entry) { return entry.second->has_answered_all(); });
}

void Server::refuse(std::unique_ptr<net::PacketStream> stream) {
  context_.log.note("connection.refused", {{"peer", stream->peer()}});
  if (refused_.size() >= kMaxRefused) return;  // the stream goes, and the peer sees the connection close
  const std::uint64_t number = next_number_++;
  net::PacketStream& kept = *refused_.emplace(number, std::move(stream)).first->second;
  kept.start({.on_packet = {},
              .on_bad_framing = {},
              .on_finished = {},
              .on_closed = [this, number](const std::string&) { refused_.erase(number); }});
  kept.send(protocol::to_wire(protocol::Error{
      .code = protocol::ErrorCode::busy,
      .job = "",
      .where = "",
      .message = fmt::format("{} connections are open here; try again later", connections_.size())}));
  kept.close_after_sending();  // from here on nothing is read, so on_packet is not called
}

void Server::remove(std::uint64_t number, const std::string& peer) {
  context_.log.note("connection.closed", {{"peer", peer}});
  connections_.erase(number);
  context_.on_progress();
}

}  // namespace rota::node
