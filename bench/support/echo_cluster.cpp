#include "bench/support/echo_cluster.hpp"

#include "bench/support/process_cost.hpp"

namespace rota::bench {

using Done = std::function<void()>;

void run_until(net::Loop& loop, const std::function<void(const Done& done)>& begin) {
  begin([&loop] { loop.stop(); });
  loop.run();
}

namespace {

constexpr unsigned kJoiningAtOnce = 64;  // a listener's backlog is bounded

// Nodes that join one after the other, a few at a time.
struct Joining {
  std::vector<std::unique_ptr<EchoNode>>& nodes;
  const net::Address& portal;
  Done done;
  std::size_t next = 0, ready = 0;

  void join_next() {
    if (next == nodes.size()) return;
    nodes[next++]->join(portal.host, portal.port, [this] {
      if (++ready == nodes.size()) done();
      join_next();
    });
  }
};

}  // namespace

std::vector<std::unique_ptr<EchoNode>> join_nodes(net::Loop& loop, const net::Address& portal, unsigned count,
                                                  unsigned slots, bool drains) {
  std::vector<std::unique_ptr<EchoNode>> nodes;
  for (unsigned i = 0; i < count; ++i)
    nodes.push_back(std::make_unique<EchoNode>(loop, "echo-" + std::to_string(i), slots, drains));
  Joining joining{nodes, portal, [&loop] { loop.stop(); }};
  for (unsigned i = 0; i < kJoiningAtOnce; ++i) joining.join_next();
  loop.run();
  return nodes;
}

EchoCluster::EchoCluster(net::Loop& loop, const EchoClusterShape& shape)
    : folder_("rota-bench-", shape.folder),
      portal_(test::program_path("rota-portal"), flags(shape.is_durable)),
      nodes_(join_nodes(loop, {portal_.host(), portal_.port()}, shape.nodes, shape.slots)) {}

std::vector<std::string> EchoCluster::flags(bool is_durable) const {
  return {"--listen",    "127.0.0.1:0",
          "--state-dir", folder_.path(),
          "--store",     is_durable ? "sqlite:" + (folder_.path() / "jobs.sqlite").string() : "memory"};
}

std::unique_ptr<Load> connect(net::Loop& loop, const LoadTarget& target) {
  std::unique_ptr<Load> load;
  run_until(loop, [&](const Done& done) { load = std::make_unique<Load>(loop, target, done); });
  return load;
}

double saturate(net::Loop& loop, Load& load, unsigned in_flight, std::chrono::milliseconds time) {
  double per_second = 0;
  run_until(loop, [&](const Done& done) {
    load.saturate(in_flight, time / 5, time, [&per_second, done](const LoadFigures& figures) {
      per_second = figures.per_second;
      done();
    });
  });
  return per_second;
}

LoadFigures pace(net::Loop& loop, Load& load, double per_second, std::chrono::milliseconds time) {
  LoadFigures paced;
  run_until(loop, [&](const Done& done) {
    load.pace(per_second, time, [&paced, done](LoadFigures figures) {
      paced = std::move(figures);
      done();
    });
  });
  return paced;
}

JobCost::JobCost(pid_t portal, const Load& load)
    : portal_(portal), load_(load), cpu_time_(cpu_time_of(portal)), answers_(load.answers()) {}

double JobCost::microseconds() const {
  const auto jobs = static_cast<double>(load_.answers() - answers_);
  return static_cast<double>((cpu_time_of(portal_) - cpu_time_).count()) / jobs;
}

}  // namespace rota::bench
