#pragma once
// Process 1 of a run's pid namespace: makes the run's own mounts, brings the inputs, starts the payload,
// reaps, ends everything that is left and hands out the outputs. It stays out of the payload's reach: another
// user (or, in a user namespace, not dumpable), and as process 1 deaf to signals from inside.

#include "sandbox/plan.hpp"

namespace rota::sandbox {

[[noreturn]] void run_init(const RunPlan& plan);

}  // namespace rota::sandbox
