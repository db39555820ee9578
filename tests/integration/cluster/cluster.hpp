#pragma once
// A private portal with its nodes as real processes on loopback, in a folder of their own.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/temp_dir.hpp"
#include "protocol/packets.hpp"
#include "tests/support/daemon.hpp"
#include "tests/support/held_port.hpp"
#include "tests/support/packet_client.hpp"

namespace rota::test {

class Cluster {
 public:
  // Nodes are named node-1, node-2, …; the portal is named portal.
  explicit Cluster(std::size_t node_count, std::vector<std::string> portal_flags = {},
                   std::vector<std::string> node_flags = {});

  PacketClient connect() const { return {portal->host(), portal->port()}; }
  std::filesystem::path log_of(const std::string& name) const { return folder.path() / name / "events.log"; }

  // A daemon at the address that the node had, as if its machine had come back.
  void restart_node(std::size_t index);

  // As by a crash. Its jobs stay in its folder.
  void kill_portal();
  // At the address and over the jobs that the portal before it had, which has ended.
  void restart_portal();
  std::string portal_address() const { return portal_port_.address(); }

  // Starts a node that goes to the portal by itself, whether that is there or not.
  Daemon& join_node(const std::string& name, const std::vector<std::string>& flags = {});

  // SIGTERM to all, portal first; true when each ended with status 0.
  bool stop();

  TempDir folder{"rota-cluster"};
  std::vector<std::unique_ptr<Daemon>> nodes;
  std::unique_ptr<Daemon> portal;

 private:
  std::vector<std::string> node_arguments(std::size_t index) const;

  HeldPort portal_port_;
  std::vector<std::string> portal_arguments_;
  std::vector<HeldPort> node_ports_;
  std::vector<std::string> node_flags_;
};

// The events of a log file, in its order.
std::vector<protocol::Event> events_in(const std::filesystem::path& log);

// The layers that a node's boxes lack on this host, each with its reason, as the node's log has them; empty
// where none is missing.
std::string missing_layers(const std::filesystem::path& log);

// A job with this source.
protocol::Submit job(const std::string& file_name, const std::string& source);

}  // namespace rota::test
