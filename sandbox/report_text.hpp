#pragma once
// A report for people and for scripts.

#include <string>
#include <string_view>

#include "protocol/step_report.hpp"

namespace rota::sandbox {

std::string_view cause_name(protocol::Cause cause);  // as on the wire

// One JSON object without a line end. Times in milliseconds with three decimals.
std::string to_json(const protocol::StepReport& report);

}  // namespace rota::sandbox
