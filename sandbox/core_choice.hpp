#pragma once
// Which core the box's own processes stay on. Supervisor, zygote, init and the waiting payload wake each other several
// times a run; on one core that costs some 5 us each, across cores, where the other one sleeps, ten times that
// (docs/benchmarks.md). Programs may use all cores: the payload goes back to them before it execs.

#include <sched.h>

#include <optional>

namespace rota::sandbox {

// wanted: counted among the cores that we may use, from 0, and wrapped around; absent: our pid decides. Gives the cores
// that we could use before. Throws std::system_error.
cpu_set_t stay_on_one_core(std::optional<unsigned> wanted);

}  // namespace rota::sandbox
