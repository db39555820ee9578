#pragma once
// What the portal's logic wants done; server.hpp does it.

#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

#include "protocol/packets.hpp"

namespace rota::portal {

using ClientId = std::uint64_t;
using NodeIndex = std::size_t;

struct ToClient {
  ClientId client;
  protocol::Packet packet;
};
// A job's answer: shared, since it may be long and have several readers.
struct AnswerToClient {
  ClientId client;
  std::shared_ptr<const protocol::Packet> packet;
};
struct ToNode {
  NodeIndex node;
  protocol::Packet packet;
};
struct ToLog {
  protocol::Event event;
};
using Action = std::variant<ToClient, AnswerToClient, ToNode, ToLog>;
using Actions = std::vector<Action>;

}  // namespace rota::portal
