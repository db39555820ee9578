#pragma once
// Every packet as a typed struct. PROTOCOL.md is the reference for units, defaults and bounds; conversion.hpp
// turns these into JSON and back.

#include <chrono>
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

// The "rota" field of every packet. Version 2 has packets and fields that version 1 has not (versions.hpp).
inline constexpr int kOldestVersion = 1;
inline constexpr int kVersion = 2;

inline constexpr std::uint32_t kDefaultPriority = 5;  // of 0 to kMaxPriority; what is higher goes first
inline constexpr std::uint32_t kMaxPriority = 9;

enum class Schedule { random, round_robin, least_loaded };
std::string_view to_text(Schedule schedule);  // "random", "round-robin", "least-loaded"

// A compiler or interpreter that a node has.
struct Toolchain {
  std::string language;  // name, as in `languages`
  std::string version;   // "12.2.0"; empty where it is not known
  std::string path;      // of the program, on the node
  bool operator==(const Toolchain&) const = default;
};

// A job that a node has in hand for the cluster that greets it.
struct HeldJob {
  std::string job;
  std::uint32_t attempt = 0;
  bool finished = false;  // its result waits to be sent
  bool operator==(const HeldJob&) const = default;
};

// First packet on a link, optional for clients. Answered by a hello.
struct Hello {
  int min_version = kOldestVersion;
  int max_version = kVersion;
  std::string name;                    // of the daemon that speaks, empty for clients
  std::uint32_t slots = 0;             // nodes: runs at a time
  std::vector<std::string> languages;  // nodes: what they take
  std::vector<Toolchain> toolchains;   // nodes: what they take it with
  std::vector<std::string> accepts;    // nodes: names, aliases and .extensions of those languages, lower case
  std::string session;                 // nodes: UUID of this life of the process
  std::vector<std::string> labels;     // nodes: what their operator says of them, "gpu", "room=12"
  std::uint64_t memory_bytes = 0;      // nodes: RAM of the machine; 0: not told
  bool draining = false;               // nodes: takes no new jobs
  bool operator==(const Hello&) const = default;
};

// Node to portal: from here on the connection is as if the portal had made it.
struct Join {
  std::string name;
  std::string session;  // as in its hello
  bool operator==(const Join&) const = default;
};

// Portal to node, after the hellos: jobs that come over this link belong to the cluster. The node ends them when it
// has not been heard for fence_after, and keeps results until they are `stored`.
struct Lease {
  std::string cluster;  // UUID of the store
  std::chrono::milliseconds fence_after{0};
  bool operator==(const Lease&) const = default;
};

// The node's answer to a lease: what it has of that cluster.
struct Holdings {
  std::vector<HeldJob> jobs;
  bool operator==(const Holdings&) const = default;
};

// Portal to node: the result of this attempt is safe, or is not wanted; the node may forget it.
struct Stored {
  std::string job;
  std::uint32_t attempt = 0;
  bool operator==(const Stored&) const = default;
};

// Who speaks, before anything else, where the portal asks for it. Answered by `authenticated` or an error.
struct Authenticate {
  std::string token;
  bool operator==(const Authenticate&) const = default;
};

struct Authenticated {
  std::string user;
  std::string role;
  bool operator==(const Authenticated&) const = default;
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
  std::string
      stdin_blob;  // its SHA-256: instead of bytes that the receiver has, or beside bytes that it may keep
  std::vector<std::string> arguments;                  // after the program's name
  std::vector<std::string> environment;                // "NAME=value", of the run
  std::vector<std::string> compile_flags, link_flags;  // of those that the language allows
  LimitOverrides limits;                               // of the run; the compiler has its own
  bool live_events = false;                            // send event packets while the job goes on
  bool acknowledge = false;                            // send `accepted` once the job cannot be lost any more
  std::vector<std::string> labels;                     // that the node must have
  std::optional<std::uint32_t> priority;               // absent: kDefaultPriority
  std::chrono::milliseconds queue_time{
      0};  // to wait for a node at most; 0: as long as the portal's own bound
  std::chrono::milliseconds total_time{0};  // from accept to answer at most; 0: no bound
  std::uint32_t attempt = 0;                // portal to node: which try this is, from 1
  bool operator==(const Submit&) const = default;
};

// Portal to client: the job is in the portal's store.
struct Accepted {
  std::string job;
  std::uint64_t ahead = 0;                // jobs that will probably be begun before it
  std::chrono::milliseconds estimate{0};  // until it is begun; 0: soon, or not known
  std::string problem;                    // why no node can take it now, for people
  bool operator==(const Accepted&) const = default;
};

// Asks for the result of a job that was submitted before, on whatever connection. Answered as a submit is.
struct Wait {
  std::string job;
  bool live_events = false;  // all of them, from the first
  bool operator==(const Wait&) const = default;
};

// Ends a job wherever it is. To a portal: answered by the job's result, which is CANCELLED unless it came first. To a
// node: the attempt's result, if any, is not wanted.
struct Cancel {
  std::string job;
  std::uint32_t attempt = 0;  // portal to node
  bool operator==(const Cancel&) const = default;
};

// Administrator to portal: the node gets no new jobs, or gets them again; answered by `nodes`. Node to portal, without a
// name: it wants none.
struct Drain {
  std::string node;
  bool on = true;
  bool operator==(const Drain&) const = default;
};

// Portal to node: is its sandbox sound? Answered by `self_tested`.
struct SelfTest {
  bool operator==(const SelfTest&) const = default;
};

struct SelfTested {
  std::string problem;  // empty: sound
  bool operator==(const SelfTested&) const = default;
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
  std::uint32_t attempt = 0;  // which try made it
  bool operator==(const Result&) const = default;
};

struct LiveEvent {
  Event event;
  bool operator==(const LiveEvent&) const = default;
};

// Something was refused. Where `job` is set it stands in place of that job's result.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string job;                           // or the query's id, where one is concerned
  std::string where;                         // field path
  std::string message;                       // what is wrong and what to do
  std::chrono::milliseconds retry_after{0};  // busy: worth trying again then
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

enum class NodeState {
  down,         // no connection
  up,           // gets jobs
  draining,     // finishes what it has
  quarantined,  // failed jobs for reasons of its own, and gets none before it has passed its self-test
};
std::string_view to_text(NodeState state);

struct NodeStatus {
  std::string name;     // empty until the node has said hello
  std::string address;  // "host:port"
  bool up = false;
  std::string problem;  // why it is not up, or gets no jobs
  std::uint32_t slots = 0;
  std::uint32_t jobs = 0;  // in progress there, from this portal
  std::vector<std::string> languages;
  std::vector<Toolchain> toolchains;
  NodeState state = NodeState::down;
  std::vector<std::string> labels;
  std::uint64_t memory_bytes = 0;
  bool operator==(const NodeStatus&) const = default;
};

struct Nodes {
  std::vector<NodeStatus> nodes;
  bool operator==(const Nodes&) const = default;
};

// Is the peer alive? Answered by a pong of the same number.
struct Ping {
  std::uint64_t number = 0;
  std::uint64_t heard = 0;  // portal to node: number of the last pong that has come, which renews the lease
  bool operator==(const Ping&) const = default;
};

struct Pong {
  std::uint64_t number = 0;
  bool operator==(const Pong&) const = default;
};

using Packet = std::variant<Hello, Submit, Result, LiveEvent, Error, LogsQuery, LogLine, LogsEnd, LogsStop,
                            NodesQuery, Nodes, Ping, Pong, Join, Lease, Holdings, Stored, Authenticate,
                            Authenticated, Accepted, Wait, Cancel, Drain, SelfTest, SelfTested>;

}  // namespace rota::protocol
