#include "tests/unit/protocol/samples.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "protocol/conversion.hpp"

namespace rota::protocol {

using namespace std::chrono_literals;

Event sample_event() {
  return {
      .time = *from_rfc3339("2026-11-23T09:01:54.123456789Z"),
      .offset = 12'345'678ns,
      .host = "node-1",
      .job = kSampleJob,
      .name = "compile.finished",
      .fields = {{"cached", std::int64_t{1}}, {"cause", "exited"}, {"least", INT64_MIN}, {"most", INT64_MAX}},
      .sequence = 4,
      .attempt = 2};
}

StepReport sample_report() {
  return {.cause = Cause::cpu_time,
          .exit_code = 0,
          .signal = 9,
          .cpu_time = 1'000'000'007ns,
          .wall_time = 2'000'000'011ns,
          .memory_bytes = 123'456'789,
          .memory_basis = "cgroup",
          .stdout_bytes = 4'194'304,
          .stderr_bytes = 17,
          .stdout_cut = true,
          .stderr_cut = true,
          .process_limit_hit = true,
          .detail = "CPU time limit of 1000 ms passed"};
}

Submit sample_submit() {
  return {.job = kSampleJob,
          .file_name = "solução.cpp",
          .source = "int main() { return '\\t'; }\n",
          .files = {{"src/util.hpp", "int f();\n"}, {"data.bin", std::string("\0\xff", 2)}},
          .language = "C++",
          .schedule = Schedule::round_robin,
          .client = "desk-7",
          .stdin_bytes = std::string("\0\xff binary", 9),
          .stdin_blob = std::string(64, '7'),
          .arguments = {"-v", "", "two words", "line\nbreak", "\x1b[31m"},
          .environment = {"A=b", "EMPTY="},
          .compile_flags = {"-O1", "-Wall"},
          .link_flags = {"-lm"},
          .limits = {.cpu_time = 1s,
                     .wall_time = 2s,
                     .memory_bytes = 64 << 20,
                     .output_bytes = 0,
                     .file_bytes = 1 << 20,
                     .processes = 1},
          .live_events = true,
          .acknowledge = true,
          .labels = {"gpu", "room=12"},
          .priority = 0,
          .queue_time = 5s,
          .total_time = 50s,
          .attempt = 3};
}

Result sample_result() {
  return {.job = kSampleJob,
          .verdict = Verdict::TLE,
          .returncode = 137,
          .message = "CPU time limit\n\tof 1000 ms",
          .stdout_bytes = "out\n",
          .stderr_bytes = std::string("\x80\0", 2),
          .node = "node-1",
          .language = "C++",
          .compiler_output = "warning: unused\n",
          .compile_cached = true,
          .compile = sample_report(),
          .run = sample_report(),
          .events = {sample_event(), Event{.time = {}, .name = "returned"}},
          .attempt = 2};
}

std::vector<Packet> sample_packets() {
  const std::vector<std::string> languages{"C", "Python 3"};
  const std::vector<Toolchain> toolchains{{"C", "12.2.0", "/usr/bin/gcc"}, {.language = "Python 3"}};
  return {
      Hello{.name = "node-1",
            .slots = 4,
            .languages = languages,
            .toolchains = toolchains,
            .accepts = {"c", ".c"},
            .session = kSampleJob,
            .labels = {"gpu"},
            .memory_bytes = 8'000'000'000,
            .draining = true},
      sample_submit(),
      sample_result(),
      LiveEvent{sample_event()},
      Error{.code = ErrorCode::no_node,
            .job = kSampleJob,
            .where = "limits.cpu_time_ms",
            .message = "try\nlater",
            .retry_after = 1500ms},
      LogsQuery{
          .query = "q1", .node = "node-1", .job = kSampleJob, .since = sample_event().time, .follow = true},
      LogLine{.query = "q1", .event = sample_event()},
      LogsEnd{.query = "q1", .unreachable = {"node-2", ""}},
      LogsStop{.query = "q1"},
      NodesQuery{},
      Nodes{{NodeStatus{.name = "node-1",
                        .address = "127.0.0.1:4001",
                        .up = true,
                        .problem = "none",
                        .slots = 4,
                        .jobs = 2,
                        .languages = languages,
                        .toolchains = toolchains,
                        .state = NodeState::quarantined,
                        .labels = {"gpu"},
                        .memory_bytes = 1},
             NodeStatus{.address = "[::1]:4002"}}},
      Ping{.number = 9'007'199'254'740'991, .heard = 6},
      Pong{.number = 7},
      Join{.name = "node-1", .session = kSampleJob},
      Lease{.cluster = kSampleJob, .fence_after = 6s},
      Holdings{.jobs = {{.job = kSampleJob, .attempt = 1, .finished = true}, {.job = kSampleJob}}},
      Stored{.job = kSampleJob, .attempt = 1},
      Authenticate{.token = "secret"},
      Authenticated{.user = "ana", .role = "submit"},
      Accepted{.job = kSampleJob, .ahead = 12, .estimate = 3s, .problem = "no node"},
      Wait{.job = kSampleJob, .live_events = true},
      Cancel{.job = kSampleJob, .attempt = 2},
      Drain{.node = "node-1", .on = false},
      SelfTest{},
      SelfTested{.problem = "no walls"},
  };
}

ProtocolError refusal_of(std::string_view json) {
  try {
    from_json(json);
  } catch (const ProtocolError& error) {
    return error;
  }
  ADD_FAILURE() << "taken, though it is wrong: " << json.substr(0, 200);
  return {ErrorCode::internal, "", "nothing was thrown"};
}

std::string packet_json(std::string_view type, std::string_view fields) {
  return fmt::format(R"({{"rota":1,"type":"{}"{}{}}})", type, fields.empty() ? "" : ",", fields);
}

std::string submit_json(std::string_view more_fields) {
  return packet_json("submit", fmt::format(R"("file_name":"a.c","source":""{}{})",
                                           more_fields.empty() ? "" : ",", more_fields));
}

}  // namespace rota::protocol
