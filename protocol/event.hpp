#pragma once
// One thing that happened, when, and where: a line of a job's timeline and of a host's log.

#include <cstdint>
#include <map>
#include <string>
#include <variant>

#include "base/time.hpp"

namespace rota::protocol {

using FieldValue = std::variant<std::int64_t, std::string>;

struct Event {
  UtcTime time{};
  // Since `host` first saw the job (monotonic clock); 0 for events that belong to no job.
  Nanoseconds offset{};
  std::string host;  // the name of the daemon or client that saw it
  std::string job;   // job id; empty for events that belong to no job
  std::string name;  // "received", "compile.started", … see PROTOCOL.md, "Events"
  std::map<std::string, FieldValue> fields;
  // 1, 2, … of the events that `host` saw of this attempt at the job; (host, attempt, sequence) names an event for good.
  // 0: belongs to no job, or to a peer of version 1.
  std::uint32_t sequence = 0;
  std::uint32_t attempt = 0;  // which the event is about; 0: the job as a whole

  bool operator==(const Event&) const = default;
};

}  // namespace rota::protocol
