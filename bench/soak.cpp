// ci/bench soak: whether a box is after many runs what it was before. Programs that end well and badly, that pass
// a limit and that leave things behind take turns in one box; then its processes, descriptors, mounts and cgroups
// are counted again, and the private memory of the idle box is read. Exits 1 where something has grown, or where
// the memory passes its bound.

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <exception>
#include <iostream>

#include "bench/support/box_footprint.hpp"
#include "bench/support/box_runs.hpp"
#include "bench/support/report.hpp"

namespace rota::bench {
namespace {

using protocol::Cause;

constexpr std::uint64_t kMaxPrivateKib = 2048;

struct Options {
  Format format = Format::table;
  int runs = 100'000;
};

struct Step {
  int share;  // of every twenty runs
  std::vector<std::string> argv;
  Cause expected = Cause::exited;
};

std::vector<Step> mixture(const Payloads& payloads) {
  return {{10, {payloads.path_of("true")}},
          {5, {payloads.path_of("hello")}},
          {1, {payloads.path_of("burner"), "1"}},
          {1, {payloads.path_of("allocator"), "8"}},
          {1, {payloads.path_of("crash")}, Cause::signalled},
          {1, {payloads.path_of("leaver")}},
          {1, {payloads.path_of("burner"), "10000"}, Cause::cpu_time}};
}

// Each step as often as its share, the rare ones between the frequent ones.
std::vector<Step> one_round(const std::vector<Step>& steps) {
  std::vector<Step> round;
  for (int turn = 0; turn < 20; ++turn) {
    for (const Step& step : steps) {
      if (turn < step.share) round.push_back(step);
    }
  }
  return round;
}

void run(BoxRuns& box, const Step& step) {
  sandbox::RunSpec spec = box.spec_of(step.argv);
  if (step.expected == Cause::cpu_time) spec.limits.cpu_time = std::chrono::milliseconds(5);
  box.run(spec, step.expected);
}

struct Finding {
  std::string name;
  std::uint64_t before, after;
  bool passed;
};

std::vector<Finding> compare(const std::vector<Count>& before, const std::vector<Count>& after) {
  std::vector<Finding> findings;
  for (std::size_t i = 0; i < before.size(); ++i) {
    findings.push_back({before[i].name, before[i].value, after[i].value, before[i] == after[i]});
  }
  return findings;
}

void print(const Finding& finding, Format format, const char* verdict) {
  if (format == Format::table) {
    fmt::print("{:<28} {:>10} {:>10}  {}\n", finding.name, finding.before, finding.after, verdict);
  } else {
    fmt::print("{{\"name\":\"soak.{}\",\"before\":{},\"after\":{},\"passed\":{}}}\n", finding.name,
               finding.before, finding.after, finding.passed);
  }
}

// True where everything that is ours holds.
bool report(const std::vector<Finding>& ours, const std::vector<Finding>& of_host, Format format) {
  for (const Finding& finding : ours) print(finding, format, finding.passed ? "pass" : "FAIL");
  if (format == Format::table) {
    for (const Finding& finding : of_host) print(finding, format, "(others count too)");
  }
  return std::all_of(ours.begin(), ours.end(), [](const Finding& each) { return each.passed; });
}

double run_rounds(BoxRuns& box, const std::vector<Step>& round, int runs) {
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < runs; ++i) run(box, round[static_cast<std::size_t>(i) % round.size()]);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

bool soak(const Options& options) {
  test::adopt_orphans();
  const Payloads payloads;
  BoxRuns box(payloads);
  const pid_t pid = box.box().pid();
  const std::vector<Step> round = one_round(mixture(payloads));
  for (const Step& step : round) run(box, step);
  const auto before = footprint_of(pid);
  const auto host_before = host_counts();
  const std::uint64_t memory_before = private_kib_of(pid);
  const double seconds = run_rounds(box, round, options.runs);
  const auto after = footprint_of(pid);
  const std::uint64_t memory_after = private_kib_of(pid);
  if (options.format == Format::table)
    fmt::print("{:<28} {:>10} {:>10}  {} runs, {:.0f} a second\n", "", "before", "after", options.runs,
               options.runs / seconds);
  auto findings = compare(before, after);
  findings.push_back({"private_kib", memory_before, memory_after, memory_after <= kMaxPrivateKib});
  return report(findings, compare(host_before, host_counts()), options.format);
}

void declare(CLI::App& app, Options& options) {
  app.add_flag_callback(
      "--json", [&options] { options.format = Format::json; }, "One JSON object a line");
  app.add_option("--runs", options.runs, "Runs between the counts")->check(CLI::PositiveNumber);
}

}  // namespace
}  // namespace rota::bench

int main(int argc, char** argv) {
  rota::bench::Options options;
  CLI::App app("Whether a box is after many runs what it was before.", "ci/bench soak");
  rota::bench::declare(app, options);
  CLI11_PARSE(app, argc, argv);
  try {
    return rota::bench::soak(options) ? 0 : 1;
  } catch (const std::exception& error) {
    std::cerr << "bench soak: " << error.what() << "\n";
    return 1;
  }
}
