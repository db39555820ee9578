// ci/bench portal: how many jobs a second one portal hands out to four nodes and answers, and how long a job takes at half
// the rate that is asked of it.
//
//   portal.volatile   --store memory; goal 20,000 a second, and a p99 below 20 ms at 10,000
//   portal.durable    --store sqlite, on a disk: each job is acknowledged once it cannot be lost, and answered once its
//                     result cannot; goal 5,000 a second, and a p99 below 20 ms at 2,500
//
// The portal is the real program. Its nodes answer at once (echo_node.hpp); they and the clients are this one process, on
// one loop. The baseline sends the same frames to a bare echo (echo_server.hpp). per_second is of a closed loop, in slices
// that take turns with the baseline's; the p99 is of an open loop, from when a job was due.

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "bench/support/echo_cluster.hpp"
#include "bench/support/echo_server.hpp"
#include "bench/support/report.hpp"

namespace rota::bench {
namespace {

using std::chrono::milliseconds;

struct Options {
  Format format = Format::table;
  std::string folder = "/var/tmp";
  std::string only;
  unsigned nodes = 4;
  unsigned slots = 64;
  unsigned connections = 8;
  unsigned in_flight = 512;
  int slices = 5;
  int slice_ms = 2000;
  int pace_ms = 5000;
};

struct Kind {
  std::string name;
  bool is_durable;
  double goal_per_second;
  double pace_per_second;
};

const std::vector<Kind> kKinds{{"portal.volatile", false, 20'000, 10'000},
                               {"portal.durable", true, 5'000, 2'500}};

struct Figures {
  Samples per_second, baseline_per_second, cpu_us;  // a slice each
  LoadFigures paced;
  double paced_cpu_us = 0;
};

Figures measure(net::Loop& loop, const Options& options, const Kind& kind, int echo_port) {
  const EchoCluster cluster(loop, {options.folder, kind.is_durable, options.nodes, options.slots});
  const pid_t portal = cluster.portal().pid();
  const auto load =
      connect(loop, {cluster.portal().host(), cluster.portal().port(), options.connections, kind.is_durable});
  const auto echo = connect(loop, {"127.0.0.1", echo_port, options.connections, kind.is_durable});
  const milliseconds slice(options.slice_ms);
  Figures figures;
  for (int i = 0; i < options.slices; ++i) {
    const JobCost cost(portal, *load);
    figures.per_second.push_back(saturate(loop, *load, options.in_flight, slice));
    figures.cpu_us.push_back(cost.microseconds());
    figures.baseline_per_second.push_back(saturate(loop, *echo, options.in_flight, slice / 4));
  }
  const JobCost cost(portal, *load);
  figures.paced = pace(loop, *load, kind.pace_per_second, milliseconds(options.pace_ms));
  figures.paced_cpu_us = cost.microseconds();
  return figures;
}

void print_json(const Kind& kind, const Figures& figures) {
  const double per_second = median(figures.per_second), baseline = median(figures.baseline_per_second);
  fmt::print(R"({{"name":"{}","per_second":{:.0f},"goal_per_second":{:.0f},"p50_us":{:.0f},"p99_us":{:.0f},)",
             kind.name, per_second, kind.goal_per_second, median(figures.paced.latencies_us),
             quantile(figures.paced.latencies_us, 0.99));
  fmt::print(R"("at_per_second":{:.0f},"portal_cpu_us":{:.1f},"paced_portal_cpu_us":{:.1f},"refused":{},)",
             kind.pace_per_second, median(figures.cpu_us), figures.paced_cpu_us, figures.paced.refused);
  fmt::print("\"baseline_per_second\":{:.0f},\"ratio\":{:.3f},\"slices\":{}}}\n", baseline,
             per_second / baseline, figures.per_second.size());
}

void print_table_row(const Kind& kind, const Figures& figures) {
  const double per_second = median(figures.per_second), baseline = median(figures.baseline_per_second);
  fmt::print(
      "{:<18} {:>9.0f} {:>9.0f} {:>9.0f} {:>9.0f} {:>9.0f} {:>11.1f} {:>11.1f} {:>8} {:>9.0f} {:>7.3f}\n",
      kind.name, per_second, kind.goal_per_second, median(figures.paced.latencies_us),
      quantile(figures.paced.latencies_us, 0.99), kind.pace_per_second, median(figures.cpu_us),
      figures.paced_cpu_us, figures.paced.refused, baseline, per_second / baseline);
}

void print_header() {
  fmt::print("{:<18} {:>9} {:>9} {:>9} {:>9} {:>9} {:>11} {:>11} {:>8} {:>9} {:>7}\n", "medians", "jobs/s",
             "goal", "p50 us", "p99 us", "at jobs/s", "CPU us, full", "CPU us then", "refused", "echoes/s",
             "ratio");
}

void measure(const Options& options) {
  const EchoServer echo;  // first: it forks
  net::raise_descriptor_limit();
  net::Loop loop;
  if (options.format == Format::table) print_header();
  for (const Kind& kind : kKinds) {
    if (!options.only.empty() && kind.name != options.only) continue;
    const Figures figures = measure(loop, options, kind, echo.port());
    options.format == Format::json ? print_json(kind, figures) : print_table_row(kind, figures);
    std::fflush(stdout);
  }
}

void declare(CLI::App& app, Options& options) {
  app.add_flag_callback(
      "--json", [&options] { options.format = Format::json; }, "One JSON object a line");
  app.add_option("--folder", options.folder, "Where the portal's files are: a real disk [/var/tmp]");
  app.add_option("--only", options.only, "One row: its name");
  app.add_option("--nodes", options.nodes, "Echo nodes")->check(CLI::Range(1, 1000));
  app.add_option("--slots", options.slots, "Of each node")->check(CLI::Range(1, 4096));
  app.add_option("--connections", options.connections, "Clients")->check(CLI::Range(1, 1000));
  app.add_option("--in-flight", options.in_flight, "Unanswered jobs of all clients")
      ->check(CLI::Range(1, 8192));
  app.add_option("--slices", options.slices, "Slices of either side")->check(CLI::PositiveNumber);
  app.add_option("--slice-ms", options.slice_ms, "Length of a slice")->check(CLI::PositiveNumber);
  app.add_option("--pace-ms", options.pace_ms, "Length of the open loop")->check(CLI::PositiveNumber);
}

}  // namespace
}  // namespace rota::bench

int main(int argc, char** argv) {
  rota::bench::Options options;
  CLI::App app("Jobs a second through one portal, and how long each takes.", "ci/bench portal");
  rota::bench::declare(app, options);
  CLI11_PARSE(app, argc, argv);
  try {
    rota::bench::measure(options);
  } catch (const std::exception& error) {
    std::cerr << "bench portal: " << error.what() << "\n";
    return 1;
  }
}
