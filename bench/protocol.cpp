// ci/bench protocol: what framing and strict conversion cost, beside the least that could be done instead.
//
//   protocol.decode_64mib   a packet of 64 MiB that comes a kilobyte at a time, against appending and memchr(3)
//   protocol.read_submit    a submit packet of 4 KiB to its struct, against parsing the same text as JSON
//   protocol.write_result   a result with 1 MiB of output to text, against writing that output as JSON
//
// Google Benchmark repeats and interleaves; the rows are the medians of its repetitions.

#include <benchmark/benchmark.h>

#include <CLI/CLI.hpp>
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>

#include "bench/support/report.hpp"
#include "protocol/conversion.hpp"
#include "protocol/framing.hpp"

namespace rota::bench {
namespace {

constexpr int kRepetitions = 15;
constexpr std::size_t kPiece = 1 << 10;

std::string large_packet() {
  std::string packet(protocol::kMaxPacketBytes, 'x');
  packet.back() = protocol::kEot;
  return packet;
}

void decode(benchmark::State& state) {
  const std::string packet = large_packet();
  for (auto _ : state) {
    protocol::PacketDecoder decoder;
    for (std::size_t at = 0; at < packet.size(); at += kPiece) {
      decoder.feed({packet.data() + at, kPiece});
      benchmark::DoNotOptimize(decoder.next());
    }
  }
}

void append_and_find(benchmark::State& state) {
  const std::string packet = large_packet();
  for (auto _ : state) {
    std::string buffer;
    for (std::size_t at = 0; at < packet.size(); at += kPiece) {
      buffer.append(packet, at, kPiece);
      benchmark::DoNotOptimize(std::memchr(buffer.data() + at, protocol::kEot, kPiece));
    }
  }
}

std::string submit_text() {
  protocol::Submit submit;
  submit.file_name = "hello.cpp";
  for (int line = 0; submit.source.size() < 4096; ++line)
    submit.source += "int f" + std::to_string(line) + "() { return \"text\"[0]; }\n";
  return protocol::to_json(submit);
}

void read_submit(benchmark::State& state) {
  const std::string text = submit_text();
  for (auto _ : state) benchmark::DoNotOptimize(protocol::from_json(text));
}

void parse_submit(benchmark::State& state) {
  const std::string text = submit_text();
  for (auto _ : state) benchmark::DoNotOptimize(nlohmann::json::parse(text));
}

std::string output() {
  std::string text;
  while (text.size() < 1 << 20) text += "a line of a program's output\n";
  return text;
}

void write_result(benchmark::State& state) {
  protocol::Result result;
  result.stdout_bytes = output();
  for (auto _ : state) benchmark::DoNotOptimize(protocol::to_json(result));
}

void dump_output(benchmark::State& state) {
  const nlohmann::json text = output();
  for (auto _ : state) benchmark::DoNotOptimize(text.dump());
}

// A row's two sides, under its name.
void declare_row(const std::string& name, void (*ours)(benchmark::State&),
                 void (*baseline)(benchmark::State&)) {
  for (const auto& [side, run] : {std::pair("/ours", ours), std::pair("/baseline", baseline)}) {
    benchmark::RegisterBenchmark((name + side).c_str(), run)->Repetitions(kRepetitions)->UseRealTime();
  }
}

// Collects the repetitions' times instead of printing them.
class RowReporter : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }

  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration) continue;
      const std::string& name = run.run_name.function_name;
      const std::size_t slash = name.rfind('/');
      Row& row = rows_[name.substr(0, slash)];
      row.name = name.substr(0, slash);
      Samples& side = name.substr(slash) == "/ours" ? row.ours : row.baseline;
      side.push_back(run.real_accumulated_time / static_cast<double>(run.iterations) * 1e6);
    }
  }

  std::vector<Row> rows() const {
    std::vector<Row> all;
    for (const auto& [name, row] : rows_) all.push_back(row);
    return all;
  }

 private:
  std::map<std::string, Row> rows_;
};

void measure(Format format) {
  declare_row("protocol.decode_64mib", decode, append_and_find);
  declare_row("protocol.read_submit", read_submit, parse_submit);
  declare_row("protocol.write_result", write_result, dump_output);
  std::string program = "protocol", interleave = "--benchmark_enable_random_interleaving=true",
              time = "--benchmark_min_time=0.05";
  char* arguments[] = {program.data(), interleave.data(), time.data()};
  int count = 3;
  benchmark::Initialize(&count, arguments);
  RowReporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  print(reporter.rows(), format);
}

}  // namespace
}  // namespace rota::bench

int main(int argc, char** argv) {
  rota::bench::Format format = rota::bench::Format::table;
  CLI::App app("Framing and conversion against the least that could be done instead.", "ci/bench protocol");
  app.add_flag_callback(
      "--json", [&format] { format = rota::bench::Format::json; }, "One JSON object a line");
  CLI11_PARSE(app, argc, argv);
  rota::bench::measure(format);
}
