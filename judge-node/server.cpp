#include "judge-node/server.hpp"

#include <fmt/format.h>

#include <utility>

#include "protocol/conversion.hpp"

namespace rota::node {

void Server::accept(std::unique_ptr<net::PacketStream> stream) {
  if (connections_.size() >= max_connections_) return refuse(std::move(stream));
  const std::string peer = stream->peer();
  const std::uint64_t number = next_number_++;
  auto connection = std::make_unique<Connection>(context_, std::move(stream),
                                                 [this, number, peer] { remove(number, peer); });
  context_.log.note("connection.opened", {{"peer", peer}});
  connections_.emplace(number, std::move(connection)).first->second->start();
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
}

}  // namespace rota::node
