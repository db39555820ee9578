#pragma once
// Every field on the wire, once: its name, its rule, and whether it is required. Both directions go by these
// lists (see json_fields.hpp), and PROTOCOL.md describes them in the same order.

#include <chrono>
#include <concepts>
#include <type_traits>

#include "protocol/bounds.hpp"
#include "protocol/json_fields.hpp"
#include "protocol/limits.hpp"
#include "protocol/packets.hpp"

namespace rota::protocol {

// T is Struct, or const Struct when it is being written.
template <typename T, typename Struct>
concept Is = std::same_as<std::remove_const_t<T>, Struct>;

inline constexpr FlagRule kFlag;
inline constexpr JobIdRule kJobId;
inline constexpr IntegerRule kCount;
inline constexpr IntegerRule kNumber{0, 0xffff'ffff};
inline constexpr DurationRule<std::chrono::nanoseconds> kNanoseconds;
inline constexpr TextRule kName{kMaxNameBytes};
inline constexpr TextRule kMessage{kMaxMessageBytes, Characters::lines};
inline constexpr TextRule kLanguage{kMaxLanguageBytes};
inline constexpr ListRule<TextRule> kFlags{{kMaxFlagBytes}, kMaxFlags};
inline constexpr IntegerRule kSlots{0, kMaxSlots};
inline constexpr ListRule<TextRule> kLanguages{kLanguage, kMaxLanguages};
inline constexpr ListRule<StructRule> kToolchains{{}, kMaxLanguages};
inline constexpr ListRule<TextRule> kLabels{{kMaxLabelBytes}, kMaxLabels};
inline constexpr DurationRule<std::chrono::milliseconds> kMilliseconds;

constexpr DurationRule<std::chrono::milliseconds> up_to(std::chrono::milliseconds max) {
  return {{kWireMinima.cpu_time.count(), max.count()}};
}

constexpr IntegerRule from_to(std::uint64_t min, std::uint64_t max) {
  return {static_cast<std::int64_t>(min), static_cast<std::int64_t>(max)};
}

template <typename Fields>
void describe(Fields& fields, Is<LimitOverrides> auto& limits) {
  fields.field("cpu_time_ms", limits.cpu_time, up_to(kWireMaxima.cpu_time));
  fields.field("wall_time_ms", limits.wall_time, up_to(kWireMaxima.wall_time));
  fields.field("memory_bytes", limits.memory_bytes,
               from_to(kWireMinima.memory_bytes, kWireMaxima.memory_bytes));
  fields.field("output_bytes", limits.output_bytes,
               from_to(kWireMinima.output_bytes, kWireMaxima.output_bytes));
  fields.field("file_bytes", limits.file_bytes, from_to(kWireMinima.file_bytes, kWireMaxima.file_bytes));
  fields.field("processes", limits.processes, from_to(kWireMinima.processes, kWireMaxima.processes));
}

template <typename Fields>
void describe(Fields& fields, Is<StepReport> auto& report) {
  fields.field("cause", report.cause, ChoiceRule{}, required);
  fields.field("exit_code", report.exit_code, IntegerRule{0, 255});
  fields.field("signal", report.signal, IntegerRule{1, 64});
  fields.field("cpu_time_ns", report.cpu_time, kNanoseconds, required);
  fields.field("wall_time_ns", report.wall_time, kNanoseconds, required);
  fields.field("memory_bytes", report.memory_bytes, kCount, required);
  fields.field("memory_basis", report.memory_basis, kName);
  fields.field("stdout_bytes", report.stdout_bytes, kCount);
  fields.field("stderr_bytes", report.stderr_bytes, kCount);
  fields.field("stdout_cut", report.stdout_cut, kFlag);
  fields.field("stderr_cut", report.stderr_cut, kFlag);
  fields.field("process_limit_hit", report.process_limit_hit, kFlag);
  fields.field("detail", report.detail, kMessage);
}

template <typename Fields>
void describe(Fields& fields, Is<Event> auto& event) {
  fields.field("time", event.time, TimeRule{}, required);
  fields.field("offset_ns", event.offset, kNanoseconds);
  fields.field("host", event.host, kName);
  fields.field("job", event.job, kJobId);
  fields.field("name", event.name, TextRule{kMaxEventNameBytes}, required);
  fields.field("fields", event.fields, EventFieldsRule{});
  fields.field("sequence", event.sequence, kNumber);
  fields.field("attempt", event.attempt, kNumber);
}

template <typename Fields>
void describe(Fields& fields, Is<Toolchain> auto& toolchain) {
  fields.field("language", toolchain.language, kLanguage, required);
  fields.field("version", toolchain.version, kLanguage);
  fields.field("path", toolchain.path, kName);
}

template <typename Fields>
void describe(Fields& fields, Is<HeldJob> auto& held) {
  fields.field("job", held.job, kJobId, required);
  fields.field("attempt", held.attempt, kNumber, required);
  fields.field("finished", held.finished, kFlag);
}

template <typename Fields>
void describe(Fields& fields, Is<Hello> auto& hello) {
  fields.field("min_version", hello.min_version, IntegerRule{1, 1'000'000}, required);
  fields.field("max_version", hello.max_version, IntegerRule{1, 1'000'000}, required);
  fields.field("name", hello.name, kName);
  fields.field("slots", hello.slots, kSlots);
  fields.field("languages", hello.languages, kLanguages);
  fields.field("toolchains", hello.toolchains, kToolchains);
  fields.field("accepts", hello.accepts, ListRule<TextRule>{kLanguage, kMaxAccepted});
  fields.field("session", hello.session, kJobId);
  fields.field("labels", hello.labels, kLabels);
  fields.field("memory_bytes", hello.memory_bytes, kCount);
  fields.field("draining", hello.draining, kFlag);
}

template <typename Fields>
void describe(Fields& fields, Is<ProjectFile> auto& file) {
  fields.field("name", file.name, FilePathRule{}, required);
  fields.bytes("content", file.content, kMaxFilesBytes, required);
}

template <typename Fields>
void describe(Fields& fields, Is<Submit> auto& submit) {
  fields.field("job", submit.job, kJobId);
  fields.field("file_name", submit.file_name, FileNameRule{}, required);
  fields.bytes("source", submit.source, kMaxSourceBytes, required);
  fields.field("files", submit.files, FilesRule{});
  fields.field("language", submit.language, kLanguage);
  fields.field("schedule", submit.schedule, ScheduleRule{});
  fields.field("client", submit.client, kName);
  fields.bytes("stdin", submit.stdin_bytes, kMaxStdinBytes);
  fields.field("stdin_blob", submit.stdin_blob, Sha256Rule{});
  fields.field("arguments", submit.arguments, ArgumentsRule{});
  fields.field("environment", submit.environment, ArgumentsRule{});
  fields.field("compile_flags", submit.compile_flags, kFlags);
  fields.field("link_flags", submit.link_flags, kFlags);
  fields.field("limits", submit.limits, StructRule{});
  fields.field("live_events", submit.live_events, kFlag);
  fields.field("acknowledge", submit.acknowledge, kFlag);
  fields.field("labels", submit.labels, kLabels);
  fields.field("priority", submit.priority, IntegerRule{0, kMaxPriority});
  fields.field("queue_time_ms", submit.queue_time, up_to(kMaxJobTime));
  fields.field("total_time_ms", submit.total_time, up_to(kMaxJobTime));
  fields.field("attempt", submit.attempt, kNumber);
}

template <typename Fields>
void describe(Fields& fields, Is<Result> auto& result) {
  fields.field("job", result.job, kJobId, required);
  fields.field("verdict", result.verdict, ChoiceRule{}, required);
  fields.field("returncode", result.returncode, IntegerRule{0, 255});
  fields.field("message", result.message, kMessage);
  fields.bytes("stdout", result.stdout_bytes, kWireMaxima.output_bytes, required);
  fields.bytes("stderr", result.stderr_bytes, kWireMaxima.output_bytes, required);
  fields.field("node", result.node, kName);
  fields.field("language", result.language, kLanguage);
  fields.bytes("compiler_output", result.compiler_output, kMaxCompilerOutputBytes);
  fields.field("compile_cached", result.compile_cached, kFlag);
  fields.field("compile", result.compile, StructRule{});
  fields.field("run", result.run, StructRule{});
  fields.field("events", result.events, ListRule<StructRule>{{}, kMaxEvents}, required);
  fields.field("attempt", result.attempt, kNumber);
}

template <typename Fields>
void describe(Fields& fields, Is<LiveEvent> auto& packet) {
  fields.field("event", packet.event, StructRule{}, required);
}

template <typename Fields>
void describe(Fields& fields, Is<Error> auto& error) {
  fields.field("code", error.code, ChoiceRule{}, required);
  fields.field("job", error.job, kName);
  fields.field("where", error.where, TextRule{kMaxMessageBytes});
  fields.field("message", error.message, kMessage, required);
  fields.field("retry_after_ms", error.retry_after, kMilliseconds);
}

template <typename Fields>
void describe(Fields& fields, Is<LogsQuery> auto& query) {
  fields.field("query", query.query, kName);
  fields.field("node", query.node, kName);
  fields.field("job", query.job, kJobId);
  fields.field("since", query.since, TimeRule{});
  fields.field("follow", query.follow, kFlag);
}

template <typename Fields>
void describe(Fields& fields, Is<LogLine> auto& line) {
  fields.field("query", line.query, kName);
  fields.field("event", line.event, StructRule{}, required);
}

template <typename Fields>
void describe(Fields& fields, Is<LogsEnd> auto& end) {
  fields.field("query", end.query, kName);
  fields.field("unreachable", end.unreachable, ListRule<TextRule>{kName, kMaxNodes});
}

template <typename Fields>
void describe(Fields& fields, Is<LogsStop> auto& stop) {
  fields.field("query", stop.query, kName);
}

template <typename Fields>
void describe(Fields&, Is<NodesQuery> auto&) {}

template <typename Fields>
void describe(Fields& fields, Is<NodeStatus> auto& node) {
  fields.field("name", node.name, kName);
  fields.field("address", node.address, kName, required);
  fields.field("up", node.up, kFlag, required);
  fields.field("problem", node.problem, kMessage);
  fields.field("slots", node.slots, kSlots);
  fields.field("jobs", node.jobs, IntegerRule{0, 0xffff'ffff});
  fields.field("languages", node.languages, kLanguages);
  fields.field("toolchains", node.toolchains, kToolchains);
  fields.field("state", node.state, ChoiceRule{});
  fields.field("labels", node.labels, kLabels);
  fields.field("memory_bytes", node.memory_bytes, kCount);
}

template <typename Fields>
void describe(Fields& fields, Is<Nodes> auto& packet) {
  fields.field("nodes", packet.nodes, NodesRule{}, required);
}

template <typename Fields>
void describe(Fields& fields, Is<Ping> auto& ping) {
  fields.field("number", ping.number, kCount);
  fields.field("heard", ping.heard, kCount);
}

template <typename Fields>
void describe(Fields& fields, Is<Pong> auto& pong) {
  fields.field("number", pong.number, kCount);
}

template <typename Fields>
void describe(Fields& fields, Is<Join> auto& join) {
  fields.field("name", join.name, kName, required);
  fields.field("session", join.session, kJobId);
}

template <typename Fields>
void describe(Fields& fields, Is<Lease> auto& lease) {
  fields.field("cluster", lease.cluster, kJobId, required);
  fields.field("fence_after_ms", lease.fence_after, up_to(kMaxJobTime), required);
}

template <typename Fields>
void describe(Fields& fields, Is<Holdings> auto& holdings) {
  fields.field("jobs", holdings.jobs, ListRule<StructRule>{{}, kMaxHeldJobs}, required);
}

template <typename Fields>
void describe(Fields& fields, Is<Stored> auto& stored) {
  fields.field("job", stored.job, kJobId, required);
  fields.field("attempt", stored.attempt, kNumber, required);
}

template <typename Fields>
void describe(Fields& fields, Is<Authenticate> auto& authenticate) {
  fields.field("token", authenticate.token, kName, required);
}

template <typename Fields>
void describe(Fields& fields, Is<Authenticated> auto& authenticated) {
  fields.field("user", authenticated.user, kName, required);
  fields.field("role", authenticated.role, kName, required);
}

template <typename Fields>
void describe(Fields& fields, Is<Accepted> auto& accepted) {
  fields.field("job", accepted.job, kJobId, required);
  fields.field("ahead", accepted.ahead, kCount);
  fields.field("estimate_ms", accepted.estimate, kMilliseconds);
  fields.field("problem", accepted.problem, kMessage);
}

template <typename Fields>
void describe(Fields& fields, Is<Wait> auto& wait) {
  fields.field("job", wait.job, kJobId, required);
  fields.field("live_events", wait.live_events, kFlag);
}

template <typename Fields>
void describe(Fields& fields, Is<Cancel> auto& cancel) {
  fields.field("job", cancel.job, kJobId, required);
  fields.field("attempt", cancel.attempt, kNumber);
}

template <typename Fields>
void describe(Fields& fields, Is<Drain> auto& drain) {
  fields.field("node", drain.node, kName);
  fields.field("on", drain.on, kFlag, required);
}

template <typename Fields>
void describe(Fields&, Is<SelfTest> auto&) {}

template <typename Fields>
void describe(Fields& fields, Is<SelfTested> auto& tested) {
  fields.field("problem", tested.problem, kMessage);
}

}  // namespace rota::protocol
