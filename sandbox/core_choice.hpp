#pragma once
// Which core the box's own processes stay on. Supervisor, zygote, init and the waiting payload wake each other several
// times a run; on one core that costs some 5 us each, across cores, where the other one sleeps, ten times that
// (docs/benchmarks.md). Programs may use all cores: the payload goes back to them before it execs.
//
// On one core, who is woken should not push aside whoever woke it and would have waited a moment later anyway: each such
// switch costs some 10 us. Zygote, init and the waiting payload are therefore SCHED_BATCH (sched(7)), which never
// preempts; the payload goes back to SCHED_OTHER before it execs. Where the operator has chosen another policy for us,
// all keep that.

#include <sched.h>

#include <optional>

namespace rota::sandbox {

// wanted: counted among the cores that we may use, from 0, and wrapped around; absent: our pid decides. Gives the cores
// that we could use before. Throws std::system_error.
cpu_set_t stay_on_one_core(std::optional<unsigned> wanted);

// Whether the scheduling policy is ours to choose: that of this process is SCHED_OTHER.
bool may_choose_policy();

}  // namespace rota::sandbox
