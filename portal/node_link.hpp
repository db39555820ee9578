#pragma once
// The portal's kept connection to one node: connects, greets, watches the heartbeat, and connects again with
// a growing pause when the node goes. One to a node that joined waits for the node to come again instead.

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "net/connector.hpp"
#include "net/loop.hpp"
#include "net/stream.hpp"
#include "net/timer.hpp"
#include "protocol/packets.hpp"

namespace rota::portal {

struct NodeLinkTimes {
  std::chrono::milliseconds connect{2000};    // to connect, and again to be greeted
  std::chrono::milliseconds heartbeat{1000};  // a ping each
  int silent_beats = 5;  // a node that sends not one byte from one ping to the next so often in a row is down
  // One that sends bytes and no pong for so many beats is down as well. Long: a large result over a slow line stands before
  // the pongs.
  int unanswered_beats = 300;
  std::chrono::milliseconds first_pause{100};
  std::chrono::milliseconds longest_pause{2000};
};

struct NodeLinkEvents {
  std::function<void(const protocol::Hello& hello)> on_up;
  // Also after a connect that failed; the link goes on trying by itself.
  std::function<void(const std::string& reason)> on_down;
  // Any packet but hello, ping and pong, while the node is up.
  std::function<void(protocol::Packet packet)> on_packet;
};

class NodeLink {
 public:
  // address: absent for a node that joins.
  NodeLink(net::Loop& loop, std::string portal_name, std::optional<net::Address> address,
           NodeLinkEvents events, NodeLinkTimes times = {});

  // From the next connection on; null: plain.
  void use_tls(std::shared_ptr<const net::TlsContext> tls) { tls_ = std::move(tls); }

  // Connects, and goes on doing so.
  void start();
  // The node has come by itself. What connection it had before is at its end.
  void take_over(std::unique_ptr<net::PacketStream> stream);
  // Ends the connection, for this reason.
  void drop(const std::string& reason) {
    if (stream_) lost(reason);
  }
  // Dropped while the node is down, and where it speaks a version that has no such packet.
  void send(const protocol::Packet& packet);

 private:
  void connect();
  net::StreamEvents stream_events();
  void greet();
  void received(const std::string& json);
  void answered(const protocol::Pong& pong);
  void greeted(const protocol::Hello& hello);
  void beat();
  void lost(const std::string& reason);

  std::string portal_name_;
  std::optional<net::Address> address_;
  NodeLinkEvents events_;
  NodeLinkTimes times_;
  std::shared_ptr<const net::TlsContext> tls_;
  net::Connector connector_;
  std::unique_ptr<net::PacketStream> stream_;
  net::Timer retry_;
  net::Timer heartbeat_;
  net::Timer greeting_;
  std::chrono::milliseconds pause_;
  int version_ = protocol::kOldestVersion;
  std::uint64_t pings_ = 0;
  std::uint64_t last_pong_ = 0;
  std::uint64_t heard_bytes_ = 0;  // when the last ping went out
  int silent_beats_ = 0;
  int unanswered_beats_ = 0;
  bool up_ = false;
};

}  // namespace rota::portal
