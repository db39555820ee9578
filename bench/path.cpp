// ci/bench path: what a submission costs over its whole path, client -> portal -> node -> box and back,
// beside the same done by hand.
//
//   path.compiled_cpp   a source never seen before: submitted, against running g++ and then its result
//   path.cached_cpp     a source the node knows: submitted again, against running the compiled program
//   path.cached_static  likewise, a static C program that does nothing, by the client library: goal 2.0
//   path.extra          of the same runs: what portal and node add to a run straight in a box; goal 500 us
//   path.durable_static, path.durable_extra   the same of submissions that are acknowledged: what is said of them waits
//                       until it is on the disk
//
// One portal with its usual store, on a disk, and one node run as real processes on loopback; one connection; one job at a
// time. Ours and the baselines take turns.

#include <CLI/CLI.hpp>
#include <chrono>
#include <exception>
#include <fstream>
#include <functional>
#include <iostream>

#include "base/temp_dir.hpp"
#include "bench/support/box_runs.hpp"
#include "bench/support/report.hpp"
#include "bench/support/spawn.hpp"
#include "client/session.hpp"
#include "tests/support/daemon.hpp"
#include "tests/support/packet_client.hpp"

namespace rota::bench {
namespace {

constexpr const char* kSource = R"(#include <iostream>
int main() { std::cout << "Hello, rota!\n"; }
)";

// bench/payloads/true.c
constexpr const char* kStaticSource = "int main(void) { return 0; }\n";

constexpr int kWarmUpRuns = 20;

struct Options {
  Format format = Format::table;
  std::string folder = "/var/tmp";
  std::string store;  // empty: the usual one
  int compiled_runs = 15;
  int cached_runs = 200;
  int static_runs = 500;
};

double microseconds_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count();
}

// A portal with one node.
class Cluster {
 public:
  Cluster(const TempDir& folder, const std::string& store)
      : node_(test::program_path("rota-node"),
              {"--listen", "127.0.0.1:0", "--name", "node", "--state-dir", folder.path() / "node",
               "--host-cache", test::shared_cache() / "host", "--add-languages",
               ROTA_BENCH_DIR "/plain_languages"}),
        portal_(
            test::program_path("rota-portal"),
            {"--listen", "127.0.0.1:0", "--node", node_.address(), "--state-dir", folder.path() / "portal",
             "--store", store.empty() ? "sqlite:" + (folder.path() / "jobs.sqlite").string() : store}),
        client_(portal_.host(), portal_.port()) {}

  net::Address portal() const { return {portal_.host(), portal_.port()}; }

  // Submits the source; throws unless it compiles, runs to the end, and its compile was cached as expected.
  void submit(const std::string& source, bool expect_cached) {
    protocol::Submit job;
    job.file_name = "hello.cpp";
    job.source = source;
    const protocol::Result result = client_.submit(job);
    if (result.verdict != protocol::Verdict::AC) throw std::runtime_error("not accepted: " + result.message);
    if (result.compile_cached != expect_cached)
      throw std::runtime_error("the compile cache did not do its part");
  }

 private:
  test::Daemon node_;
  test::Daemon portal_;
  test::PacketClient client_;
};

// The hand's way: a folder with the source, g++ with the language table's arguments, the program.
class ByHand {
 public:
  explicit ByHand(const TempDir& folder)
      : source_(folder.path() / "hello.cpp"), program_(folder.path() / "hello") {}

  void compile(const std::string& source) {
    std::ofstream(source_) << source;
    spawn_and_wait({"/usr/bin/g++", "-std=gnu++20", "-O2", "-x", "c++", source_, "-o", program_});
  }
  void run() { spawn_and_wait({program_}); }

 private:
  std::string source_;
  std::string program_;
};

Row measure_compiled(Cluster& cluster, ByHand& hand, int runs) {
  Row row{"path.compiled_cpp", {}, {}};
  for (int i = 0; i < runs; ++i) {
    const std::string source = "// " + std::to_string(i) + "\n" + kSource;
    row.ours.push_back(microseconds_of([&] { cluster.submit(source, false); }));
    row.baseline.push_back(microseconds_of([&] {
      hand.compile(source);
      hand.run();
    }));
  }
  return row;
}

Row measure_cached(Cluster& cluster, ByHand& hand, int runs) {
  Row row{"path.cached_cpp", {}, {}};
  hand.compile(kSource);
  cluster.submit(kSource, false);
  for (int i = 0; i < runs; ++i) {
    row.ours.push_back(microseconds_of([&] { cluster.submit(kSource, true); }));
    row.baseline.push_back(microseconds_of([&] { hand.run(); }));
  }
  return row;
}

// Our own client library, one job at a time.
class Library {
 public:
  explicit Library(net::Address portal) : session_(loop_, std::move(portal)) {}

  void submit_static(bool acknowledge) {
    protocol::Submit job{.file_name = "true.c", .source = kStaticSource, .language = "Static C"};
    job.acknowledge = acknowledge;
    session_.submit(std::move(job), nullptr, [this](client::SubmitAnswer answer) {
      answer_ = std::move(answer);
      loop_.stop();
    });
    loop_.run();
    const auto* result = std::get_if<protocol::Result>(&answer_);
    if (result == nullptr || result->verdict != protocol::Verdict::AC)
      throw std::runtime_error("the static program was not accepted");
  }

 private:
  net::Loop loop_;
  client::Session session_;
  client::SubmitAnswer answer_;
};

struct StaticRows {
  Row to_spawn, to_box;
};

StaticRows measure_static(Library& library, BoxRuns& box, const Payloads& payloads, int runs,
                          bool acknowledge) {
  StaticRows rows{{acknowledge ? "path.durable_static" : "path.cached_static", {}, {}},
                  {acknowledge ? "path.durable_extra" : "path.extra", {}, {}}};
  const std::string program = payloads.path_of("true");
  for (int i = -kWarmUpRuns; i < runs; ++i) {
    const double ours = microseconds_of([&] { library.submit_static(acknowledge); });
    const auto spec = box.spec_of({program});
    const double boxed = microseconds_of([&] { box.run(spec); });
    const double spawned = microseconds_of([&] { spawn_and_wait({program}); });
    if (i < 0) continue;
    rows.to_spawn.ours.push_back(ours);
    rows.to_spawn.baseline.push_back(spawned);
    rows.to_box.ours.push_back(ours);
    rows.to_box.baseline.push_back(boxed);
  }
  return rows;
}

void measure(const Options& options) {
  const TempDir folder("rota-bench-", options.folder);
  const Payloads payloads;
  BoxRuns box(payloads);
  Cluster cluster(folder, options.store);
  ByHand hand(folder);
  const Row compiled = measure_compiled(cluster, hand, options.compiled_runs);
  const Row cached = measure_cached(cluster, hand, options.cached_runs);
  Library library(cluster.portal());  // last: it starts threads, and the others fork
  const auto early = measure_static(library, box, payloads, options.static_runs, false);
  const auto durable = measure_static(library, box, payloads, options.static_runs, true);
  print({compiled, cached, early.to_spawn, early.to_box, durable.to_spawn, durable.to_box}, options.format);
}

void declare(CLI::App& app, Options& options) {
  app.add_flag_callback(
      "--json", [&options] { options.format = Format::json; }, "One JSON object a line");
  app.add_option("--compiled-runs", options.compiled_runs, "Pairs of compiled runs")
      ->check(CLI::PositiveNumber);
  app.add_option("--cached-runs", options.cached_runs, "Pairs of cached runs")->check(CLI::PositiveNumber);
  app.add_option("--static-runs", options.static_runs, "Runs of the static program, each way")
      ->check(CLI::PositiveNumber);
  app.add_option("--store", options.store, "The portal's, to see what its usual one costs: memory");
  app.add_option("--folder", options.folder,
                 "Where the portal's and the node's files are: a real disk [/var/tmp]");
}

}  // namespace
}  // namespace rota::bench

int main(int argc, char** argv) {
  rota::bench::Options options;
  CLI::App app("A submission's whole path against the same done by hand.", "ci/bench path");
  rota::bench::declare(app, options);
  CLI11_PARSE(app, argc, argv);
  try {
    rota::bench::measure(options);
  } catch (const std::exception& error) {
    std::cerr << "bench path: " << error.what() << "\n";
    return 1;
  }
}
