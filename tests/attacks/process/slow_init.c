// Puts init behind everybody else, then keeps the CPUs busy: the verdict comes all the same.
// limits: cpu_ms=300 wall_ms=20000
// needs: cpu-cgroup
// expect: cause=cpu_time signal=9
#define _GNU_SOURCE
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

int main(void) {
  struct sched_param none = {0};
  setpriority(PRIO_PROCESS, 1, 19);
  sched_setscheduler(1, SCHED_IDLE, &none);
  for (int i = 0; i < 4; ++i) fork();
  for (volatile unsigned i = 0;; ++i) continue;
}
