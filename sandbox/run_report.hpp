#pragma once
// From what was seen of a run to its report: which cause counts, and why. Pure,
// so that every case can be tested.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "protocol/limits.hpp"
#include "protocol/step_report.hpp"

namespace rota::sandbox {

struct RunEvidence {
  protocol::Limits limits;
  std::optional<protocol::Cause> ended_by;  // what we killed it for, the first of it
  std::optional<std::string> failure;       // a step of ours that failed, in words
  std::optional<int> wait_status;  // of the program (wait(2)); absent where init ended before it could tell
  bool out_of_memory = false;      // the cgroup's OOM counter moved
  bool process_limit_hit = false;
  std::chrono::nanoseconds cpu_time{}, wall_time{};
  std::optional<std::uint64_t> charged_bytes;  // peak of the cgroup
  std::uint64_t largest_rss_bytes = 0;         // of any one process
  std::string detail;                          // words that are known already
};

// The output counts are left to the caller.
protocol::StepReport make_report(const RunEvidence& evidence);

}  // namespace rota::sandbox
