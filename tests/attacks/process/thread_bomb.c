// Threads until the kernel refuses; each sleeps for ever.
// limits: wall_ms=5000 processes=20
// needs: pids-cgroup
// expect: cause=exited exit=0 process_limit_hit=1
#include <pthread.h>
#include <unistd.h>

static void* sleep_for_ever(void* unused) {
  for (;;) pause();
  return unused;
}

int main(void) {
  pthread_t thread;
  int started = 0;
  while (pthread_create(&thread, 0, sleep_for_ever, 0) == 0) ++started;
  return started == 19 ? 0 : 1;  // with the first thread: 20
}
