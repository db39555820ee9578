#pragma once
// What the portal's logic wants done; server.hpp does it.

#include <cstdint>
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
struct ToNode {
  NodeIndex node;
  protocol::Packet packet;
};
struct ToLog {
  protocol::Event event;
};
using Action = std::variant<ToClient, ToNode, ToLog>;
using Actions = std::vector<Action>;

}  // namespace rota::portal
