// ci/bench compile: what a compile costs on a node, beside the plain command in the same node's boxes.
//
//   compile.NAME_cold     a source never seen before, by the installed language file, against the plain command of
//                         bench/plain_languages; both as the node sees them, from compile.started to compile.finished
//   compile.link          the link step of bits_cold alone, by mold, against the usual linker; goal: 25 ms
//   compile.cache_hit     the same for a source that the node knows (ours), against its first compile
//   compile.cache_hit_after_restart   the same for the first time after the node has been started anew
//
// Languages whose toolchain is not installed are left out, and said. Ours and the plain command take turns; what the node
// prepares in the background is ready before anything is measured.

#include <poll.h>

#include <CLI/CLI.hpp>
#include <exception>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/temp_dir.hpp"
#include "bench/support/link_step.hpp"
#include "bench/support/report.hpp"
#include "tests/support/daemon.hpp"
#include "tests/support/packet_client.hpp"

namespace rota::bench {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

struct Contestant {
  std::string row, language, source;  // source: file in bench/sources
  std::string comment;                // that begins a line
};

const std::vector<Contestant> kContestants{
    {"iostream", "cpp", "hello.cpp", "//"},
    {"bits", "cpp", "contest.cpp", "//"},
    {"c", "c", "hello.c", "//"},
    {"java", "java", "Main.java", "//"},
    {"go", "go", "main.go", "//"},
    {"rust", "rust", "main.rs", "//"},
    {"typescript", "typescript", "main.ts", "//"},
};

struct Options {
  Format format = Format::table;
  int runs = 9;
  int hits = 100;
  std::string only;  // this row, and no hits; empty: all
};

std::string content_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw std::runtime_error("cannot read " + file.string());
  return {std::istreambuf_iterator<char>(stream), {}};
}

// A node with the installed languages and the plain ones.
class Node {
 public:
  explicit Node(const fs::path& folder) : folder_(folder) { start(); }

  void start() {
    client_.reset();
    node_.reset();
    node_.emplace(test::program_path("rota-node"),
                  std::vector<std::string>{"0", "--name", "node", "--slots", "1", "--state-dir",
                                           folder_ / "node", "--host-cache", test::shared_cache() / "host",
                                           "--add-languages", ROTA_BENCH_DIR "/plain_languages"},
                  120s);
    client_.emplace(node_->host(), node_->port());
  }

  bool offers(const std::string& language) {
    if (!fs::exists(language_file(language))) return false;
    client_->send(protocol::Hello{});
    const auto offered = client_->expect<protocol::Hello>().languages;
    const auto name = nlohmann::json::parse(content_of(language_file(language)))["name"].get<std::string>();
    return std::find(offered.begin(), offered.end(), name) != offered.end();
  }

  // In microseconds, from compile.started to compile.finished.
  double compile(const Contestant& contestant, const std::string& language, const std::string& source,
                 bool expect_cached) {
    protocol::Submit job;
    job.file_name = contestant.source;
    job.language = language;
    job.source = source;
    const auto result = client_->submit(job, 120s);
    if (result.verdict != protocol::Verdict::AC)
      throw std::runtime_error(language + " was not accepted: " + result.message + "\n" +
                               result.compiler_output);
    if (result.compile_cached != expect_cached) throw std::runtime_error("the cache did not do its part");
    return duration_of(result.events);
  }

  // A source that uses it is quick only once the preparation is there; one compile asks for it.
  void wait_until_prepared(const std::string& language) {
    const auto document = nlohmann::json::parse(content_of(language_file(language)));
    const std::size_t wanted = document.value("warm_ups", nlohmann::json::array()).size();
    const auto name = document["name"].get<std::string>();
    for (int patience = 1200; ready_for(name) < wanted; --patience) {
      if (patience == 0)
        throw std::runtime_error("what " + language + " needs was not prepared in two minutes");
      ::poll(nullptr, 0, 100);
    }
  }

 private:
  static fs::path language_file(const std::string& language) {
    return test::program_path("rota-node").parent_path().parent_path() / "share/rota/languages" /
           (language + ".json");
  }

  std::size_t ready_for(const std::string& name) const {
    std::ifstream log(folder_ / "node" / "events.log");
    std::size_t ready = 0;
    for (std::string line; std::getline(log, line);) {
      const auto event = nlohmann::json::parse(line, nullptr, false);
      if (event.is_discarded() || language_of(event) != name) continue;
      if (event["name"] == "warm-up.failed") throw std::runtime_error("a preparation failed: " + line);
      if (event["name"] == "warm-up.made" || event["name"] == "warm-up.found") ++ready;
    }
    return ready;
  }

  static std::string language_of(const nlohmann::json& event) {
    const auto fields = event.find("fields");
    if (fields == event.end() || !fields->contains("language")) return "";
    const auto& language = (*fields)["language"];
    return language.is_string() ? language.get<std::string>() : "";
  }

  static double duration_of(const std::vector<protocol::Event>& events) {
    std::chrono::nanoseconds start{}, end{};
    for (const auto& event : events) {
      if (event.name == "compile.started") start = event.offset;
      if (event.name == "compile.finished") end = event.offset;
    }
    return std::chrono::duration<double, std::micro>(end - start).count();
  }

  fs::path folder_;
  std::optional<test::Daemon> node_;
  std::optional<test::PacketClient> client_;
};

std::string variation(const Contestant& contestant, int number) {
  return contestant.comment + " " + std::to_string(number) + "\n" +
         content_of(fs::path(ROTA_BENCH_DIR) / "sources" / contestant.source);
}

Row measure_cold(Node& node, const Contestant& contestant, int runs) {
  Row row{"compile." + contestant.row + "_cold", {}, {}};
  node.wait_until_prepared(contestant.language);
  for (int i = -1; i < runs; ++i) {
    const std::string source = variation(contestant, i);
    const double ours = node.compile(contestant, contestant.language, source, false);
    const double baseline = node.compile(contestant, contestant.language + "-plain", source, false);
    if (i < 0) continue;
    row.ours.push_back(ours);
    row.baseline.push_back(baseline);
  }
  return row;
}

Row measure_hits(Node& node, const Contestant& contestant, int hits) {
  Row row{"compile.cache_hit", {}, {}};
  const std::string source = variation(contestant, 1'000'000);
  const double first = node.compile(contestant, contestant.language, source, false);
  for (int i = 0; i < hits; ++i) {
    row.ours.push_back(node.compile(contestant, contestant.language, source, true));
    row.baseline.push_back(first);
  }
  return row;
}

Row measure_hits_after_restart(Node& node, const Contestant& contestant, int hits) {
  Row row{"compile.cache_hit_after_restart", {}, {}};
  const int first = 2'000'000;
  for (int i = 0; i < hits; ++i)
    row.baseline.push_back(
        node.compile(contestant, contestant.language, variation(contestant, first + i), false));
  node.start();
  for (int i = 0; i < hits; ++i)
    row.ours.push_back(node.compile(contestant, contestant.language, variation(contestant, first + i), true));
  return row;
}

void measure(const Options& options) {
  const TempDir folder("rota-bench-");
  Node node(folder.path());
  std::vector<Row> rows;
  for (const Contestant& contestant : kContestants) {
    if (!options.only.empty() && contestant.row != options.only) continue;
    if (node.offers(contestant.language)) {
      rows.push_back(measure_cold(node, contestant, options.runs));
    } else {
      std::cerr << "bench compile: " << contestant.language << " is not installed here (ci/languages "
                << contestant.language << " installs it)\n";
    }
  }
  if (options.only.empty() || options.only == "link")
    rows.push_back(measure_link(ROTA_BENCH_DIR "/sources/contest.cpp", options.runs));
  if (!options.only.empty()) return print(rows, options.format);
  rows.push_back(measure_hits(node, kContestants.front(), options.hits));
  rows.push_back(measure_hits_after_restart(node, kContestants.front(), options.hits / 4));
  print(rows, options.format);
}

}  // namespace
}  // namespace rota::bench

int main(int argc, char** argv) {
  rota::bench::Options options;
  CLI::App app("Compiles on a node against the plain commands.", "ci/bench compile");
  app.add_flag_callback(
      "--json", [&options] { options.format = rota::bench::Format::json; }, "One JSON object a line");
  app.add_option("--runs", options.runs, "Pairs of cold compiles")->check(CLI::PositiveNumber);
  app.add_option("--hits", options.hits, "Compiles that hit the cache")->check(CLI::Range(4, 10'000));
  app.add_option("--only", options.only, "Only this row of cold compiles, as in --only java, or --only link");
  CLI11_PARSE(app, argc, argv);
  try {
    rota::bench::measure(options);
  } catch (const std::exception& error) {
    std::cerr << "bench compile: " << error.what() << "\n";
    return 1;
  }
}
