// ci/bench sandbox: what a run in a box costs, beside posix_spawn and waitpid of the same file.
//
//   run.static_true          a static C `true`
//   run.cpp_hello            a C++ hello as g++ links it
//   burst.PAYLOAD            the same, ten runs of either side at a time and no pause between them
//   throughput.two_workers   runs a second of two workers; higher is better
//   peer.NAME.PAYLOAD        other sandboxes that are on PATH, with less to do than ours
//
// The pairing is the harder of those that could be called fair. Ours is what a node does: a request over the
// socket, everything fresh for the run or proved to be as new, the output caught and delivered to a memfd, the report
// read. The baseline throws its output away (/dev/null), shares our address space until exec, and is started by a small
// process.
//
// Before each measured run, of either side, there is a pause in which nothing runs. A box that prepares its next
// run after having answered would otherwise do so beside the baseline's run and make it look slow; and be
// waited for in its own. In the bursts, of which the first run does not count, that preparation is part of what is
// measured, and the baseline finds its caches warm.

#include <poll.h>
#include <stdlib.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <exception>
#include <iostream>
#include <memory>

#include "bench/support/box_runs.hpp"
#include "bench/support/peers.hpp"
#include "bench/support/rate_worker.hpp"
#include "bench/support/report.hpp"
#include "bench/support/spawn.hpp"

namespace rota::bench {
namespace {

constexpr int kWorkers = 2;
constexpr int kWarmUpRuns = 20;
constexpr int kBurst = 10;
constexpr double kQuietLoad = 0.5;

struct Options {
  Format format = Format::table;
  int runs = 600;
  int slices = 10;
  int slice_ms = 300;
  int pause_ms = 2;
  bool peers = true;
};

struct Payload {
  std::string name, program;
  std::string output;  // what it has to print
};

std::vector<Payload> payloads_in(const Payloads& folder) {
  return {{"static_true", folder.path_of("true"), ""},
          {"cpp_hello", folder.path_of("hello"), "Hello, rota!\n"}};
}

// The three ways to run a payload, each timed.
class Contest {
 public:
  Contest(const Payloads& payloads, int pause_ms) : box_(payloads), pause_ms_(pause_ms) {}

  void pause() const { ::poll(nullptr, 0, pause_ms_); }

  double ours(const Payload& payload) {
    const sandbox::RunSpec spec = box_.spec_of({payload.program});
    const double time = timed([&] { box_.run(spec); });
    if (box_.output() != payload.output) throw std::runtime_error("the box lost output of " + payload.name);
    return time;
  }

  double outside(const std::vector<std::string>& argv) {
    return timed([&] { spawn_and_wait(argv); });
  }

  std::string missing_layers() const { return box_.missing_layers(); }

 private:
  static double timed(const Work& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count();
  }

  BoxRuns box_;
  int pause_ms_;
};

Row measure(Contest& contest, const Payload& payload, int runs) {
  Row row{"run." + payload.name, {}, {}};
  for (int i = -kWarmUpRuns; i < runs; ++i) {
    contest.pause();
    const double ours = contest.ours(payload);
    contest.pause();
    const double baseline = contest.outside({payload.program});
    if (i < 0) continue;
    row.ours.push_back(ours);
    row.baseline.push_back(baseline);
  }
  return row;
}

Row measure_bursts(Contest& contest, const Payload& payload, int runs) {
  Row row{"burst." + payload.name, {}, {}};
  while (row.ours.size() < static_cast<std::size_t>(runs)) {
    contest.pause();
    contest.ours(payload);
    for (int i = 0; i < kBurst; ++i) row.ours.push_back(contest.ours(payload));
    contest.pause();
    contest.outside({payload.program});
    for (int i = 0; i < kBurst; ++i) row.baseline.push_back(contest.outside({payload.program}));
  }
  return row;
}

PeerRow measure_peer(Contest& contest, const Peer& peer, const Payload& payload, int runs) {
  PeerRow row{"peer." + peer.name + "." + payload.name, {}, {}, {}};
  const std::vector<std::string> command = peer.command_for(payload.program);
  for (int i = -kWarmUpRuns; i < runs; ++i) {
    contest.pause();
    const double theirs = contest.outside(command);
    contest.pause();
    const double baseline = contest.outside({payload.program});
    contest.pause();
    const double ours = contest.ours(payload);
    if (i < 0) continue;
    row.peer.push_back(theirs);
    row.baseline.push_back(baseline);
    row.ours.push_back(ours);
  }
  return row;
}

void measure_peer(Contest& contest, const Peer& peer, const std::vector<Payload>& payloads, int runs,
                  std::vector<PeerRow>& rows) {
  const PreparedPeer prepared(peer);
  for (const Payload& payload : payloads) rows.push_back(measure_peer(contest, peer, payload, runs));
}

// One that cannot run here is told of and passed over.
std::vector<PeerRow> measure_peers(Contest& contest, const Payloads& folder,
                                   const std::vector<Payload>& payloads, int runs) {
  std::vector<PeerRow> rows;
  for (const Peer& peer : find_peers(folder.folder())) {
    try {
      measure_peer(contest, peer, payloads, runs, rows);
    } catch (const std::exception& error) {
      std::cerr << "bench sandbox: " << peer.name << " is not measured: " << error.what() << "\n";
    }
  }
  return rows;
}

double rate_of_all(std::vector<std::unique_ptr<RateWorker>>& workers, std::chrono::milliseconds slice) {
  for (auto& worker : workers) worker->start(slice);
  double sum = 0;
  for (auto& worker : workers) sum += worker->runs_per_second();
  return sum;
}

std::vector<std::unique_ptr<RateWorker>> start_workers(const std::function<Work(unsigned)>& prepare) {
  std::vector<std::unique_ptr<RateWorker>> workers;
  for (unsigned i = 0; i < kWorkers; ++i) {
    workers.push_back(std::make_unique<RateWorker>([&prepare, i] { return prepare(i); }));
  }
  return workers;
}

RateRow measure_throughput(const Payloads& payloads, const Payload& payload, const Options& options) {
  auto ours = start_workers([&](unsigned worker) -> Work {
    const auto box = std::make_shared<BoxRuns>(payloads, worker);
    return [box, spec = box->spec_of({payload.program})] { box->run(spec); };
  });
  auto bare = start_workers([&](unsigned) { return [&] { spawn_and_wait({payload.program}); }; });
  const std::chrono::milliseconds slice(options.slice_ms);
  RateRow row{"throughput.two_workers", {}, {}};
  for (int i = -1; i < options.slices; ++i) {  // the first pair warms up
    const double ours_rate = rate_of_all(ours, slice);
    const double bare_rate = rate_of_all(bare, slice);
    if (i < 0) continue;
    row.ours.push_back(ours_rate);
    row.baseline.push_back(bare_rate);
  }
  return row;
}

// What makes the figures say less than they seem to.
void warn_of_load() {
  double load = 0;
  if (::getloadavg(&load, 1) == 1 && load > kQuietLoad)
    std::cerr << "bench sandbox: the machine is busy, load " << load << ": medians of both sides suffer\n";
}

void warn_of_missing_layers(const std::string& missing) {
  if (!missing.empty()) std::cerr << "bench sandbox: measured without\n" << missing;
}

void measure(const Options& options) {
  warn_of_load();
  const Payloads folder;
  const std::vector<Payload> payloads = payloads_in(folder);
  // Before there is a box here, so that no worker holds a copy of its socket.
  const RateRow throughput = measure_throughput(folder, payloads[0], options);
  Contest contest(folder, options.pause_ms);
  warn_of_missing_layers(contest.missing_layers());
  std::vector<Row> rows;
  for (const Payload& payload : payloads) rows.push_back(measure(contest, payload, options.runs));
  for (const Payload& payload : payloads) rows.push_back(measure_bursts(contest, payload, options.runs));
  print(rows, options.format);
  print(std::vector<RateRow>{throughput}, options.format);
  if (options.peers) print(measure_peers(contest, folder, payloads, options.runs), options.format);
}

void declare(CLI::App& app, Options& options) {
  app.add_flag_callback(
      "--json", [&options] { options.format = Format::json; }, "One JSON object a line");
  app.add_option("--runs", options.runs, "Pairs of runs of each payload")->check(CLI::PositiveNumber);
  app.add_option("--slices", options.slices, "Pairs of slices of the throughput")->check(CLI::PositiveNumber);
  app.add_option("--slice-ms", options.slice_ms, "Length of a slice")->check(CLI::PositiveNumber);
  app.add_option("--pause-ms", options.pause_ms, "Quiet before each measured run")
      ->check(CLI::Range(0, 1000));
  app.add_flag("!--no-peers", options.peers, "Leave out other sandboxes");
}

}  // namespace
}  // namespace rota::bench

int main(int argc, char** argv) {
  rota::bench::Options options;
  CLI::App app("A run in a box against the bare program.", "ci/bench sandbox");
  rota::bench::declare(app, options);
  CLI11_PARSE(app, argc, argv);
  try {
    rota::bench::measure(options);
  } catch (const std::exception& error) {
    std::cerr << "bench sandbox: " << error.what() << "\n";
    return 1;
  }
}
