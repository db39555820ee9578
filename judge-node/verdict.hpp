#pragma once
// What a step's report means for the submission, in terms and in words.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/limits.hpp"
#include "protocol/step_report.hpp"
#include "protocol/verdict.hpp"

namespace rota::node {

bool succeeded(const protocol::StepReport& report);

// CE for everything but success (AC) and our own failure (IE).
protocol::Verdict verdict_of_compile(const protocol::StepReport& report);
protocol::Verdict verdict_of_run(const protocol::StepReport& report);

// Exit code, or 128 + signal; absent where nothing ran.
std::optional<int> returncode_of(const protocol::StepReport& report);

// Whether a run that ended badly by itself has said by one of these texts that the memory limit was in its way: a runtime
// that keeps its heap below the limit ends before the kernel has to.
bool says_out_of_memory(const protocol::StepReport& report, std::string_view stderr_bytes,
                        const std::vector<std::string>& texts);

// The limit that ended the step, as limits.hpp names it without its unit ("cpu_time"), or empty.
std::string_view limit_hit(const protocol::StepReport& report);

// Why the step ended as it did, one sentence without a full stop; empty where it succeeded.
std::string explain(const protocol::StepReport& report, const protocol::Limits& limits);

// "4 MiB", "1000 bytes": the largest binary unit that divides the number.
std::string readable_bytes(std::uint64_t bytes);

}  // namespace rota::node
