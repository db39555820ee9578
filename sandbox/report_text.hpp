#pragma once
// A report for people and for scripts.

#include <string>
#include <string_view>

#include "protocol/step_report.hpp"

namespace rota::sandbox {

std::string_view cause_name(protocol::Cause cause);  // as on the wire

// A JSON string, with its quotation marks.
std::string quote_json(std::string_view text);

// One JSON object without a line end. Its fields are named as those of a report on the wire (PROTOCOL.md),
// save for the times: here cpu_time_ms and wall_time_ms, milliseconds with three decimals, since people read
// them.
std::string to_json(const protocol::StepReport& report);

}  // namespace rota::sandbox
