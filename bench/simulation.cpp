// ci/bench simulation: a cluster far larger than this machine, around one real portal.
//
//   simulation.memory       1,000 nodes in one process and 10,000 clients in another; then 50,000 queued jobs. What each of
//                           them takes of the portal's memory (RssAnon; the kernel's socket buffers are not in it). Exits 1
//                           where it is more than kMaxConnectionBytes and so on allow
//   simulation.scheduling   choosing a job and a node for it (FairQueue, NodeSet), nothing else, by the number of nodes
//   simulation.portal       the portal's processor time for a job, by the number of nodes; always as many slots together
//
// The nodes answer at once and run nothing (echo_node.hpp).

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <deque>
#include <exception>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "base/temp_dir.hpp"
#include "bench/support/echo_cluster.hpp"
#include "bench/support/process_cost.hpp"
#include "bench/support/report.hpp"
#include "bench/support/staged_process.hpp"
#include "portal/fair_queue.hpp"
#include "portal/node_set.hpp"

namespace rota::bench {
namespace {

using std::chrono::milliseconds;

constexpr unsigned kSlots = 4;              // of each node
constexpr std::size_t kSourceBytes = 1024;  // of each queued job
constexpr double kMaxConnectionBytes = 8 << 10;
constexpr double kMaxNodeBytes = 32 << 10;
constexpr double kMaxJobBytes = 8 << 10;  // with its source

struct Options {
  Format format = Format::table;
  std::string folder = "/var/tmp";
  unsigned nodes = 1000;
  unsigned clients = 10'000;
  unsigned jobs = 50'000;
  int slice_ms = 1000;
};

// In the nodes' process. They say that they drain, so that jobs stay in the queue until stage two.
void live_as_nodes(const Options& options, Stages& stages) {
  const int port = stages.wait();
  net::raise_descriptor_limit();
  net::Loop loop;
  const auto nodes = join_nodes(loop, {"127.0.0.1", port}, options.nodes, kSlots, true);
  stages.tell(0);
  stages.wait();
  for (auto& node : nodes) node->take_jobs();
  loop.run();  // until this process is ended
}

// In the clients' process.
void live_as_clients(const Options& options, Stages& stages) {
  const int port = stages.wait();
  net::raise_descriptor_limit();
  net::Loop loop;
  const auto load = connect(loop, {.host = "127.0.0.1",
                                   .port = port,
                                   .connections = options.clients,
                                   .acknowledge = true,
                                   .source = std::string(kSourceBytes, 'x')});
  stages.tell(0);
  stages.wait();
  run_until(loop, [&](const std::function<void()>& done) { load->queue(options.jobs, done); });
  stages.tell(0);
  stages.wait();
  run_until(loop, [&](const std::function<void()>& done) { load->drain(done); });
  stages.tell(0);
  stages.wait();
}

struct Memory {
  double node_bytes, connection_bytes, job_bytes;  // of one
  double all_bytes;                                // with everything there
  double job_cpu_us;                               // from the queue to the answer
  double per_second;
};

// What the other process does next, and how much the portal has grown by then.
double growth(const test::Daemon& portal, StagedProcess& process, int word) {
  const auto before = memory_bytes_of(portal.pid());
  process.stages().tell(word);
  process.stages().wait();
  return static_cast<double>(memory_bytes_of(portal.pid())) - static_cast<double>(before);
}

Memory measure_memory(const Options& options) {
  const TempDir folder("rota-bench-", options.folder);
  const test::Daemon portal(test::program_path("rota-portal"),
                            {"--listen", "127.0.0.1:0", "--state-dir", folder.path(), "--max-queue-per-user",
                             std::to_string(options.jobs)});
  StagedProcess nodes([&](Stages& stages) { live_as_nodes(options, stages); });
  StagedProcess clients([&](Stages& stages) { live_as_clients(options, stages); });
  Memory memory{};
  memory.node_bytes = growth(portal, nodes, portal.port()) / options.nodes;
  memory.connection_bytes = growth(portal, clients, portal.port()) / options.clients;
  memory.job_bytes = growth(portal, clients, 0) / options.jobs;
  memory.all_bytes = static_cast<double>(memory_bytes_of(portal.pid()));
  const auto cpu_time = cpu_time_of(portal.pid());
  const auto start = std::chrono::steady_clock::now();
  nodes.stages().tell(0);
  clients.stages().tell(0);
  clients.stages().wait();
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
  memory.per_second = options.jobs / time.count();
  memory.job_cpu_us = static_cast<double>((cpu_time_of(portal.pid()) - cpu_time).count()) / options.jobs;
  return memory;
}

// Jobs go through queue and nodes as the portal has them do, with half of all slots in use.
double scheduling_ns(unsigned node_count) {
  constexpr unsigned kJobs = 200'000;
  portal::NodeSet nodes(1);
  for (unsigned i = 0; i < node_count; ++i) nodes.open(nodes.add(), {{".c", "c"}, {}}, kSlots);
  portal::FairQueue queue;
  std::deque<portal::NodeIndex> running;
  const portal::JobInfo job{.need = "c", .bytes = kSourceBytes};
  const auto start = std::chrono::steady_clock::now();
  for (unsigned i = 0; i < kJobs; ++i) {
    const portal::FairQueue::Item item{"job", "user", "c\n", 5, i};
    queue.push(item);
    if (!queue.next([&](const std::string&) { return nodes.can_take(job); }))
      throw std::logic_error("there is no node for a job");
    running.push_back(nodes.take(job, std::nullopt).value());
    queue.erase(item);
    queue.began("user");
    if (running.size() < std::size_t{node_count} * kSlots / 2) continue;
    nodes.release(running.front(), job.bytes);
    running.pop_front();
    queue.ended("user");
  }
  const std::chrono::duration<double, std::nano> time = std::chrono::steady_clock::now() - start;
  return time.count() / kJobs;
}

// The least of a few slices: what others do on this machine only adds to it.
double portal_cpu_us(const Options& options, unsigned node_count) {
  constexpr unsigned kSlotsTogether = 2000, kInFlight = 1000;
  net::Loop loop;
  const EchoCluster cluster(loop, {options.folder, false, node_count, kSlotsTogether / node_count});
  const auto load = connect(loop, {cluster.portal().host(), cluster.portal().port()});
  Samples slices;
  for (int i = 0; i < 5; ++i) {
    const JobCost cost(cluster.portal().pid(), *load);
    saturate(loop, *load, kInFlight, milliseconds(options.slice_ms));
    slices.push_back(cost.microseconds());
  }
  return quantile(slices, 0);
}

void print(const Options& options, const Memory& memory) {
  if (options.format == Format::json) {
    fmt::print(R"({{"name":"simulation.memory","nodes":{},"clients":{},"queued_jobs":{},"source_bytes":{},)",
               options.nodes, options.clients, options.jobs, kSourceBytes);
    fmt::print(
        R"("node_bytes":{:.0f},"connection_bytes":{:.0f},"queued_job_bytes":{:.0f},"all_bytes":{:.0f},)",
        memory.node_bytes, memory.connection_bytes, memory.job_bytes, memory.all_bytes);
    fmt::print("\"per_second\":{:.0f},\"job_cpu_us\":{:.1f}}}\n", memory.per_second, memory.job_cpu_us);
    return;
  }
  fmt::print("{} nodes, {} clients, {} queued jobs with a source of {} bytes\n", options.nodes,
             options.clients, options.jobs, kSourceBytes);
  fmt::print("a node {:.0f} bytes, a connection {:.0f}, a queued job {:.0f}; the portal {:.1f} MiB\n",
             memory.node_bytes, memory.connection_bytes, memory.job_bytes, memory.all_bytes / (1 << 20));
  fmt::print("then {:.0f} jobs/s, {:.1f} us of a core each\n\n", memory.per_second, memory.job_cpu_us);
}

void print(const Options& options, const std::string& name, const std::string& unit, unsigned nodes,
           double cost, double cost_of_ten) {
  if (options.format == Format::json)
    fmt::print("{{\"name\":\"{}\",\"nodes\":{},\"{}\":{:.1f},\"ratio_to_10_nodes\":{:.3f}}}\n", name, nodes,
               unit, cost, cost / cost_of_ten);
  else
    fmt::print("{:<24} {:>6} nodes {:>10.1f} {:<8} {:>6.2f} of that with 10\n", name, nodes, cost, unit,
               cost / cost_of_ten);
  std::fflush(stdout);
}

void measure_scaling(const Options& options) {
  const double scheduling_of_ten = scheduling_ns(10), portal_of_ten = portal_cpu_us(options, 10);
  for (const unsigned nodes : {1u, 10u, 100u, 1000u})
    print(options, "simulation.scheduling", "ns_per_job", nodes, scheduling_ns(nodes), scheduling_of_ten);
  for (const unsigned nodes : {1u, 10u, 100u, 1000u})
    print(options, "simulation.portal", "cpu_us", nodes,
          nodes == 10 ? portal_of_ten : portal_cpu_us(options, nodes), portal_of_ten);
}

// 0, or 1 where the portal keeps more than it may.
int measure(const Options& options) {
  net::raise_descriptor_limit();
  const Memory memory = measure_memory(options);
  print(options, memory);
  measure_scaling(options);
  const bool is_bounded = memory.node_bytes <= kMaxNodeBytes &&
                          memory.connection_bytes <= kMaxConnectionBytes && memory.job_bytes <= kMaxJobBytes;
  if (!is_bounded) std::cerr << "bench simulation: the portal keeps more than it may\n";
  return is_bounded ? 0 : 1;
}

void declare(CLI::App& app, Options& options) {
  app.add_flag_callback(
      "--json", [&options] { options.format = Format::json; }, "One JSON object a line");
  app.add_option("--folder", options.folder, "Where the portal's files are: a real disk [/var/tmp]");
  app.add_option("--nodes", options.nodes, "Of the large cluster")->check(CLI::Range(1, 4096));
  app.add_option("--clients", options.clients, "Likewise")->check(CLI::Range(1, 10'000));
  app.add_option("--jobs", options.jobs, "Queued there")->check(CLI::Range(1, 100'000));
  app.add_option("--slice-ms", options.slice_ms, "Length of a slice of load")->check(CLI::PositiveNumber);
}

}  // namespace
}  // namespace rota::bench

int main(int argc, char** argv) {
  rota::bench::Options options;
  CLI::App app("A thousand nodes and ten thousand clients around one portal.", "ci/bench simulation");
  rota::bench::declare(app, options);
  CLI11_PARSE(app, argc, argv);
  try {
    return rota::bench::measure(options);
  } catch (const std::exception& error) {
    std::cerr << "bench simulation: " << error.what() << "\n";
    return 1;
  }
}
