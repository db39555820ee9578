#pragma once
// The embedded default: a portal and one node of our own on loopback, with their state in a temporary folder,
// for the time of one call. The node starts first; the portal is given its address.

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/temp_dir.hpp"
#include "client/daemon_process.hpp"
#include "client/interruptible_loop.hpp"
#include "net/timer.hpp"

namespace rota::client {

struct PrivateNode {
  std::vector<std::string> allow_missing;  // layers of the sandbox, as rota-node's --allow-missing takes them
  std::filesystem::path host_cache;        // folder
  std::string wanted;                      // language or file name of the job that it is for
};

class PrivateCluster {
 public:
  // Begins to start it. on_ready gets the portal's address; where a daemon does not start, or not in time,
  // the loop is finished with kUnavailable after a message. Throws ClientError{kUnavailable} where the
  // programs are not beside ours.
  PrivateCluster(InterruptibleLoop& loop, PrivateNode node,
                 std::function<void(const net::Address& portal)> on_ready);
  ~PrivateCluster();
  PrivateCluster(const PrivateCluster&) = delete;
  PrivateCluster& operator=(const PrivateCluster&) = delete;

  static constexpr std::chrono::seconds kStartPatience{60};  // the node's first self-test included

 private:
  void start_node();
  void start_portal(const std::string& node_address);
  void failed(const std::string& problem);

  InterruptibleLoop& loop_;
  PrivateNode settings_;
  std::function<void(const net::Address&)> on_ready_;
  TempDir folder_;  // goes after the daemons
  net::Timer patience_;
  std::optional<DaemonProcess> node_;
  std::optional<DaemonProcess> portal_;
};

}  // namespace rota::client
