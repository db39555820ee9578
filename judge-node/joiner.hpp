#pragma once
// Keeps a connection to one portal of a list, for a node that portals cannot reach: connects, introduces itself (`join`),
// and from then on the connection is served as if the portal had made it. Where it is lost, or not greeted in time, the
// next of the list is tried, after a growing pause.

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "judge-node/event_log.hpp"
#include "judge-node/join_pauses.hpp"
#include "judge-node/server.hpp"
#include "net/entry.hpp"
#include "net/timer.hpp"

namespace rota::node {

class Joiner {
 public:
  static constexpr std::chrono::seconds kConnectTimeout{2};
  static constexpr std::chrono::seconds kGreetingTimeout{5};

  // The references outlive this. No portals: start() does nothing. session: of this life of the process.
  Joiner(net::Loop& loop, Server& server, EventLog& log, std::vector<net::Address> portals,
         std::string session, net::Credentials credentials = {});

  void start() {
    if (!portals_.empty()) connect();
  }

  // Tries no more; a connection that stands is left as it is.
  void stop();

 private:
  const net::Address& portal() const { return portals_[next_ % portals_.size()]; }
  void connect();
  void connected(std::unique_ptr<net::PacketStream> stream);
  // What the node says before it is greeted.
  std::vector<protocol::Packet> introduction() const;
  void greeted();
  void drop(const std::string& reason);
  void lost(const std::string& reason);
  void tell_loss(const std::string& reason);

  Server& server_;
  EventLog& log_;
  std::string session_;
  std::vector<net::Address> portals_;
  std::size_t next_ = 0;
  net::Credentials credentials_;
  net::Entry entry_;
  net::Timer greeting_;
  net::Timer retry_;
  JoinPauses pauses_;
  std::mt19937 random_{std::random_device{}()};
  std::map<std::string, std::string> failing_;  // portals, with why, as has been told since the last success
  std::uint64_t connection_ = 0;
  bool stopped_ = false;
};

}  // namespace rota::node
