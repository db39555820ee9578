#pragma once
// A real portal whose nodes are echo nodes of this process, and phases of load on it, each run to its end.

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/temp_dir.hpp"
#include "bench/support/echo_node.hpp"
#include "bench/support/load.hpp"
#include "tests/support/daemon.hpp"

namespace rota::bench {

// Runs the loop until somebody calls what `begin` gets.
void run_until(net::Loop& loop, const std::function<void(const std::function<void()>& done)>& begin);

// Has so many nodes join, a few at a time; done once the portal knows them all. drains: see EchoNode.
std::vector<std::unique_ptr<EchoNode>> join_nodes(net::Loop& loop, const net::Address& portal, unsigned count,
                                                  unsigned slots, bool drains = false);

struct EchoClusterShape {
  std::string folder;  // the portal's files are in a folder of their own below it
  bool is_durable = false;
  unsigned nodes = 4;
  unsigned slots = 64;  // of each
};

class EchoCluster {
 public:
  // Forks, so that there must be one thread only. All nodes are up when it has been made.
  EchoCluster(net::Loop& loop, const EchoClusterShape& shape);

  const test::Daemon& portal() const { return portal_; }

 private:
  std::vector<std::string> flags(bool is_durable) const;

  TempDir folder_;
  test::Daemon portal_;
  std::vector<std::unique_ptr<EchoNode>> nodes_;
};

std::unique_ptr<Load> connect(net::Loop& loop, const LoadTarget& target);

// Answers a second; see Load. A fifth of the time more is run before it counts.
double saturate(net::Loop& loop, Load& load, unsigned in_flight, std::chrono::milliseconds time);

LoadFigures pace(net::Loop& loop, Load& load, double per_second, std::chrono::milliseconds time);

// What the portal's process takes of a core for each job that is answered from now on.
class JobCost {
 public:
  JobCost(pid_t portal, const Load& load);
  double microseconds() const;

 private:
  pid_t portal_;
  const Load& load_;
  std::chrono::microseconds cpu_time_;
  std::uint64_t answers_;
};

}  // namespace rota::bench
