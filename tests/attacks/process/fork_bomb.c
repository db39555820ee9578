// Every process forks for ever.
// marks: self-test
// limits: cpu_ms=300 wall_ms=20000 processes=32
// needs: pids-cgroup cpu-cgroup
// expect: cause=cpu_time signal=9 process_limit_hit=1
#include <unistd.h>

int main(void) {
  for (;;) fork();
}
