#include "sandbox/core_choice.hpp"

#include <unistd.h>

#include "base/check.hpp"

namespace rota::sandbox {

cpu_set_t stay_on_one_core(std::optional<unsigned> wanted) {
  cpu_set_t all;
  check(::sched_getaffinity(0, sizeof all, &all), "read which cores we may use");
  unsigned turns =
      wanted.value_or(static_cast<unsigned>(::getpid())) % static_cast<unsigned>(CPU_COUNT(&all));
  int core = 0;
  while (!CPU_ISSET(core, &all) || turns-- > 0) ++core;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(core, &one);
  check(::sched_setaffinity(0, sizeof one, &one), "stay on one core");
  return all;
}

bool may_choose_policy() {
  return ::sched_getscheduler(0) == SCHED_OTHER;
}

}  // namespace rota::sandbox
