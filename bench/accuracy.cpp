// ci/bench accuracy: whether what a box reports and enforces is true, on an idle machine and on one where every
// core has a busy process beside it. Exits 1 where it is not.
//
//   cpu_time     a program that uses 200 ms: the report against its own getrusage, within 1 % or 2 ms
//   memory       a program that touches 100 MiB: within 2 %
//   cpu_limit    of 1 s: killed between 1.000 and 1.015 s of CPU time
//   wall_limit   of 1 s: likewise of time on the clock
//
// That the CPU time of a killed program is the true one, which it cannot tell any more, rests on the first line.

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <exception>
#include <functional>
#include <iostream>
#include <optional>
#include <thread>

#include "bench/support/box_runs.hpp"
#include "bench/support/busy_processes.hpp"
#include "bench/support/report.hpp"

namespace rota::bench {
namespace {

using std::chrono::milliseconds;

constexpr int kBurntMs = 200;
constexpr double kToleranceMs = std::max(kBurntMs / 100.0, 2.0);
constexpr milliseconds kLimit{1000};
constexpr milliseconds kFar{20'000};  // the limit that is not looked at
constexpr double kLatestMs = 1015;

struct Options {
  Format format = Format::table;
  int runs = 5;
};

// What each run showed, and the bounds that it has to keep.
struct Finding {
  std::string name, asked, unit;
  double low, high;
  Samples seen;

  double least() const { return *std::min_element(seen.begin(), seen.end()); }
  double most() const { return *std::max_element(seen.begin(), seen.end()); }
  bool passed() const { return least() >= low && most() <= high; }
};

double milliseconds_of(std::chrono::nanoseconds time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

// How far the report is from what the program says of itself.
double cpu_time_error_ms(BoxRuns& box, const Payloads& payloads) {
  const auto report = box.run(box.spec_of({payloads.path_of("burner"), std::to_string(kBurntMs)}));
  return milliseconds_of(report.cpu_time) - std::stod(box.output()) / 1000;
}

double memory_mib(BoxRuns& box, const Payloads& payloads) {
  const auto report = box.run(box.spec_of({payloads.path_of("allocator"), "100"}));
  return static_cast<double>(report.memory_bytes) / (1 << 20);
}

double cpu_at_kill_ms(BoxRuns& box, const Payloads& payloads) {
  auto spec = box.spec_of({payloads.path_of("burner"), std::to_string(kFar.count())});
  spec.limits.cpu_time = kLimit;
  spec.limits.wall_time = kFar;
  return milliseconds_of(box.run(spec, protocol::Cause::cpu_time).cpu_time);
}

double wall_at_kill_ms(BoxRuns& box, const Payloads& payloads) {
  auto spec = box.spec_of({payloads.path_of("sleeper")});
  spec.limits.cpu_time = kFar;
  spec.limits.wall_time = kLimit;
  return milliseconds_of(box.run(spec, protocol::Cause::wall_time).wall_time);
}

Samples repeat(int runs, const std::function<double()>& look) {
  Samples seen;
  for (int i = 0; i < runs; ++i) seen.push_back(look());
  return seen;
}

// The load has to be there before the box, so that no busy process holds a copy of its socket.
std::vector<Finding> examine(const Payloads& payloads, const std::string& state, int runs) {
  BoxRuns box(payloads);
  const auto all = [&](double (*look)(BoxRuns&, const Payloads&)) {
    return repeat(runs, [&] { return look(box, payloads); });
  };
  return {{"accuracy.cpu_time." + state, "the program's own rusage, 200 ms", "ms off", -kToleranceMs,
           kToleranceMs, all(cpu_time_error_ms)},
          {"accuracy.memory." + state, "100 MiB", "MiB", 98, 102, all(memory_mib)},
          {"accuracy.cpu_limit." + state, "1 s of CPU time", "ms", milliseconds_of(kLimit), kLatestMs,
           all(cpu_at_kill_ms)},
          {"accuracy.wall_limit." + state, "1 s on the clock", "ms", milliseconds_of(kLimit), kLatestMs,
           all(wall_at_kill_ms)}};
}

void print_json(const Finding& finding) {
  fmt::print(R"({{"name":"{}","unit":"{}","low":{:.3f},"high":{:.3f},"least":{:.3f},"most":{:.3f},)",
             finding.name, finding.unit, finding.low, finding.high, finding.least(), finding.most());
  fmt::print("\"runs\":{},\"passed\":{}}}\n", finding.seen.size(), finding.passed());
}

void print_line(const Finding& finding) {
  fmt::print("{:<28} {:<34} {:>9.2f} to {:<9.2f} {:>9.2f} to {:<9.2f} {:<7} {}\n", finding.name,
             finding.asked, finding.low, finding.high, finding.least(), finding.most(), finding.unit,
             finding.passed() ? "pass" : "FAIL");
}

// True where everything holds.
bool report(const std::vector<Finding>& findings, Format format) {
  for (const Finding& finding : findings) {
    format == Format::json ? print_json(finding) : print_line(finding);
  }
  return std::all_of(findings.begin(), findings.end(), [](const Finding& each) { return each.passed(); });
}

bool examine_all(const Options& options) {
  const Payloads payloads;
  if (options.format == Format::table)
    fmt::print("{:<28} {:<34} {:<22} {}\n", "", "asked", "allowed", "seen, least to most");
  const bool idle = report(examine(payloads, "idle", options.runs), options.format);
  const BusyProcesses load(std::thread::hardware_concurrency());
  return report(examine(payloads, "loaded", options.runs), options.format) && idle;
}

void declare(CLI::App& app, Options& options) {
  app.add_flag_callback(
      "--json", [&options] { options.format = Format::json; }, "One JSON object a line");
  app.add_option("--runs", options.runs, "Runs of each kind")->check(CLI::PositiveNumber);
}

}  // namespace
}  // namespace rota::bench

int main(int argc, char** argv) {
  rota::bench::Options options;
  CLI::App app("Whether what a box reports and enforces is true.", "ci/bench accuracy");
  rota::bench::declare(app, options);
  CLI11_PARSE(app, argc, argv);
  try {
    return rota::bench::examine_all(options) ? 0 : 1;
  } catch (const std::exception& error) {
    std::cerr << "bench accuracy: " << error.what() << "\n";
    return 1;
  }
}
