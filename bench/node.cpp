// ci/bench node: how many cached runs a second a node makes with as many slots as workers, against as many workers that
// posix_spawn the same program and wait for it. Higher is better.
//
//   node.cached_hello   a C++ hello, of which the start is most
//   node.cached_20ms    a program that computes for 20 ms
//
// One connection to the node keeps its slots busy. Slices of time of either side take turns.

#include <CLI/CLI.hpp>
#include <exception>
#include <fstream>
#include <iostream>
#include <memory>

#include "base/temp_dir.hpp"
#include "bench/support/rate_worker.hpp"
#include "bench/support/report.hpp"
#include "bench/support/spawn.hpp"
#include "tests/support/daemon.hpp"
#include "tests/support/packet_client.hpp"

namespace rota::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct Options {
  Format format = Format::table;
  int slices = 10;
  int slice_ms = 500;
  unsigned workers = 2;
};

struct Program {
  std::string name, source;
};

const Program kHello{"hello", "#include <iostream>\nint main() { std::cout << \"Hello, rota!\\n\"; }\n"};
const Program kComputing{"20ms", R"(#include <ctime>
#include <cstdio>
int main() {
  unsigned sum = 0;
  while (std::clock() < 20 * CLOCKS_PER_SEC / 1000) for (int i = 0; i < 1000; ++i) sum = sum * 31 + i;
  std::printf("%d\n", sum == 1);
}
)"};

class Node {
 public:
  Node(const std::filesystem::path& folder, unsigned slots)
      : node_(test::program_path("rota-node"),
              {"0", "--slots", std::to_string(slots), "--state-dir", folder / "node", "--no-prepare",
               "--host-cache", test::shared_cache() / "host"}),
        client_(node_.host(), node_.port()),
        in_flight_(4 * slots) {}

  // Runs a second over the slice. The program must be cached.
  double rate(const Program& program, std::chrono::milliseconds slice) {
    const auto start = Clock::now();
    unsigned sent = 0;
    double done = 0;
    for (; sent < in_flight_; ++sent) client_.send(job_of(program));
    while (sent > 0) {
      require_good(client_.expect<protocol::Result>());
      --sent;
      if (Clock::now() - start < slice) {
        ++done;
        client_.send(job_of(program));
        ++sent;
      }
    }
    return done / std::chrono::duration<double>(slice).count();
  }

 private:
  static protocol::Submit job_of(const Program& program) {
    protocol::Submit job;
    job.file_name = program.name + ".cpp";
    job.source = program.source;
    return job;
  }

  static void require_good(const protocol::Result& result) {
    if (result.verdict != protocol::Verdict::AC) throw std::runtime_error("not accepted: " + result.message);
  }

  test::Daemon node_;
  test::PacketClient client_;
  unsigned in_flight_;
};

std::string compile_by_hand(const std::filesystem::path& folder, const Program& program) {
  const std::string source = folder / (program.name + ".cpp");
  const std::string output = folder / ("by-hand-" + program.name);
  std::ofstream(source) << program.source;
  spawn_and_wait({"/usr/bin/g++", "-std=gnu++20", "-O2", "-x", "c++", source, "-o", output});
  return output;
}

double rate_of(std::vector<std::unique_ptr<RateWorker>>& workers, std::chrono::milliseconds slice) {
  for (auto& worker : workers) worker->start(slice);
  double sum = 0;
  for (auto& worker : workers) sum += worker->runs_per_second();
  return sum;
}

RateRow measure(Node& node, const Program& program, const std::string& by_hand, const Options& options) {
  std::vector<std::unique_ptr<RateWorker>> workers;
  for (unsigned i = 0; i < options.workers; ++i)
    workers.push_back(
        std::make_unique<RateWorker>([&]() -> Work { return [&] { spawn_and_wait({by_hand}); }; }));
  const std::chrono::milliseconds slice(options.slice_ms);
  node.rate(program, slice);
  RateRow row{"node.cached_" + program.name, {}, {}};
  for (int i = 0; i < options.slices; ++i) {
    row.ours.push_back(node.rate(program, slice));
    row.baseline.push_back(rate_of(workers, slice));
  }
  return row;
}

void measure(const Options& options) {
  const TempDir folder("rota-bench-");
  std::vector<RateRow> rows;
  for (const Program& program : {kHello, kComputing}) {
    const auto by_hand = compile_by_hand(folder.path(), program);
    Node node(folder.path() / program.name, options.workers);
    rows.push_back(measure(node, program, by_hand, options));
  }
  print(rows, options.format);
}

}  // namespace
}  // namespace rota::bench

int main(int argc, char** argv) {
  rota::bench::Options options;
  CLI::App app("Cached runs a second of a node against bare workers.", "ci/bench node");
  app.add_flag_callback(
      "--json", [&options] { options.format = rota::bench::Format::json; }, "One JSON object a line");
  app.add_option("--slices", options.slices, "Slices of either side")->check(CLI::PositiveNumber);
  app.add_option("--slice-ms", options.slice_ms, "Length of a slice")->check(CLI::PositiveNumber);
  app.add_option("--workers", options.workers, "Slots, and workers of the baseline")
      ->check(CLI::Range(1, 64));
  CLI11_PARSE(app, argc, argv);
  try {
    rota::bench::measure(options);
  } catch (const std::exception& error) {
    std::cerr << "bench node: " << error.what() << "\n";
    return 1;
  }
}
