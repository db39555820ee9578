// Lowers its own limit and dies of the kernel's signal: that was not our clock.
// limits: cpu_ms=5000 wall_ms=9000
// marks: slow
// expect: cause=signalled signal=24
#include <sys/resource.h>

int main(void) {
  const struct rlimit one = {1, 2};
  setrlimit(RLIMIT_CPU, &one);
  for (volatile unsigned i = 0;; ++i) continue;
}
