// Gives the CPU away at every step and comes back at once.
// limits: cpu_ms=300 wall_ms=20000
// expect: cause=cpu_time signal=9
#include <sched.h>

int main(void) {
  for (;;) sched_yield();
}
