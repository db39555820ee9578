// Each thread forks, each child starts threads.
// limits: cpu_ms=300 wall_ms=20000 processes=32
// needs: pids-cgroup cpu-cgroup
// expect: cause=cpu_time signal=9 process_limit_hit=1
#include <pthread.h>
#include <unistd.h>

static void* spread(void* unused) {
  pthread_t thread;
  for (;;) {
    fork();
    pthread_create(&thread, 0, spread, 0);
  }
  return unused;
}

int main(void) {
  spread(0);
}
