#pragma once
// The last process of ours before the judged program: gives up everything it could
// have, step by step, and becomes it.

#include "sandbox/plan.hpp"

namespace rota::sandbox {

// Of the payload's own process, from its making to exec. A step that fails ends it and is reported on
// plan.control.
[[noreturn]] void run_payload(const RunPlan& plan);

}  // namespace rota::sandbox
