#pragma once
// Every packet as a typed struct. PROTOCOL.md is the reference for units, defaults and bounds; conversion.hpp
// turns these into JSON and back.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/error.hpp"
#include "protocol/event.hpp"
#include "protocol/limits.hpp"
#include "protocol/step_report.hpp"
#include "protocol/verdict.hpp"

namespace rota::protocol {

inline constexpr int kVersion = 1;  // the "rota" field of every packet

enum class Schedule { random, round_robin, least_loaded };
std::string_view to_text(Schedule schedule);  // "random", "round-robin", "least-loaded"

// A compiler or interpreter that a node has.
struct Toolchain {
  std::string language;  // name, as in `languages`
  std::string version;   // "12.2.0"; empty where it is not known
  std::string path;      // of the program, on the node
  bool operator==(const Toolchain&) const = default;
};

// First packet on a link, optional for clients. Answered by a hello.
struct Hello {
  int min_version = kVersion;
  int max_version = kVersion;
  std::string name;                    // of the daemon that speaks, empty for clients
  std::uint32_t slots = 0;             // nodes: runs at a time
  std::vector<std::string> languages;  // nodes: what they take
  std::vector<Toolchain> toolchains;   // nodes: what they take it with
  bool operator==(const Hello&) const = default;
};

// A file of a project, beside its source.
struct ProjectFile {
  std::string name;     // path in /work, see file_name.hpp
  std::string content;  // bytes
  bool operator==(const ProjectFile&) const = default;
};

// A program to compile and run. Client to portal, portal to node, or client straight to a node.
struct Submit {
  std::string job;                   // UUID; empty: the receiver makes one
  std::string file_name;             // the source's own name; see file_name.hpp
  std::string source;                // bytes
  std::vector<ProjectFile> files;    // stand beside the source while it is compiled and run
  std::string language;              // empty: from the file name
  std::optional<Schedule> schedule;  // absent: least-loaded
  std::string client;                // name of the submitting machine, for the logs
  std::string stdin_bytes;
  std::vector<std::string> arguments;                  // after the program's name
  std::vector<std::string> environment;                // "NAME=value", of the run
  std::vector<std::string> compile_flags, link_flags;  // of those that the language allows
  LimitOverrides limits;                               // of the run; the compiler has its own
  bool live_events = false;                            // send event packets while the job goes on
  bool operator==(const Submit&) const = default;
};

// What a submission takes of a receiver's memory, roughly: all its texts and bytes.
std::uint64_t bytes_of(const Submit& submit);

// The one answer to a submit that was accepted.
struct Result {
  std::string job;
  Verdict verdict = Verdict::IE;
  // The program's (128 + signal), or the compiler's where it refused; absent: nothing ran.
  std::optional<int> returncode;
  std::string message;       // why, for people; empty where the verdict says all
  std::string stdout_bytes;  // the program's; empty where it did not run
  std::string stderr_bytes;  // the program's, or the compiler's messages for CE
  std::string node;
  std::string language;
  std::string compiler_output;  // stdout and stderr of the compiler, warnings too
  bool compile_cached = false;
  std::optional<StepReport> compile;
  std::optional<StepReport> run;
  std::vector<Event> events;  // merged, in time order
  bool operator==(const Result&) const = default;
};

struct LiveEvent {
  Event event;
  bool operator==(const LiveEvent&) const = default;
};

// Something was refused. Where `job` is set it stands in place of that job's result.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string job;      // or the query's id, where one is concerned
  std::string where;    // field path
  std::string message;  // what is wrong and what to do
  bool operator==(const Error&) const = default;
};

// Asks for log lines; answered by log_line packets and one logs_end.
struct LogsQuery {
  std::string query;  // the asker's name for it, echoed
  std::string node;   // only this host's lines; empty: all
  std::string job;    // only this job's lines; empty: all
  std::optional<UtcTime> since;
  bool follow = false;  // stay and send new lines; ends by logs_stop or the connection's end
  bool operator==(const LogsQuery&) const = default;
};

struct LogLine {
  std::string query;
  Event event;
  bool operator==(const LogLine&) const = default;
};

struct LogsEnd {
  std::string query;
  std::vector<std::string> unreachable;  // nodes that could not be asked
  bool operator==(const LogsEnd&) const = default;
};

struct LogsStop {
  std::string query;
  bool operator==(const LogsStop&) const = default;
};

// Asks a portal for its nodes; answered by `nodes`.
struct NodesQuery {
  bool operator==(const NodesQuery&) const = default;
};

struct NodeStatus {
  std::string name;     // empty until the node has said hello
  std::string address;  // "host:port"
  bool up = false;
  std::string problem;  // why it is not up
  std::uint32_t slots = 0;
  std::uint32_t jobs = 0;  // in progress there, from this portal
  std::vector<std::string> languages;
  std::vector<Toolchain> toolchains;
  bool operator==(const NodeStatus&) const = default;
};

struct Nodes {
  std::vector<NodeStatus> nodes;
  bool operator==(const Nodes&) const = default;
};

// Is the peer alive? Answered by a pong of the same number.
struct Ping {
  std::uint64_t number = 0;
  bool operator==(const Ping&) const = default;
};

struct Pong {
  std::uint64_t number = 0;
  bool operator==(const Pong&) const = default;
};

using Packet = std::variant<Hello, Submit, Result, LiveEvent, Error, LogsQuery, LogLine, LogsEnd, LogsStop,
                            NodesQuery, Nodes, Ping, Pong>;

}  // namespace rota::protocol
