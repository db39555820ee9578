#pragma once
// A portal of version 2, as a node sees it, that says only what a test lets it say.

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "protocol/packets.hpp"
#include "tests/support/packet_client.hpp"

namespace rota::test {

inline constexpr const char* kCluster = "01938c6e-5a00-7abc-8def-000000000001";

struct PortalPeer {
  explicit PortalPeer(PacketClient connected) : link(std::move(connected)) {}

  protocol::Hello greet() {
    protocol::Hello hello;
    hello.name = "portal";
    link.send(hello);
    return link.expect<protocol::Hello>();
  }

  // Hello and lease; what the node holds.
  std::vector<protocol::HeldJob> lease(std::chrono::milliseconds fence_after = std::chrono::minutes(1),
                                       const std::string& cluster = kCluster) {
    greet();
    link.send(protocol::Lease{cluster, fence_after});
    return link.expect<protocol::Holdings>().jobs;
  }

  // Whatever comes up to the node's pong, which is the last.
  std::vector<protocol::Packet> ping(std::uint64_t heard = 0) {
    link.send(protocol::Ping{++pings, heard});
    std::vector<protocol::Packet> packets;
    while (true) {
      packets.push_back(link.next().value());
      if (std::holds_alternative<protocol::Pong>(packets.back())) return packets;
    }
  }

  void store(const protocol::Result& result) { link.send(protocol::Stored{result.job, result.attempt}); }

  PacketClient link;
  std::uint64_t pings = 0;
};

}  // namespace rota::test
