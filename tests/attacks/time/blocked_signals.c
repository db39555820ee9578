// The same by mask, in every thread.
// limits: cpu_ms=300 wall_ms=20000
// expect: cause=cpu_time signal=9
#include <pthread.h>
#include <signal.h>

static void* spin(void* unused) {
  for (volatile unsigned i = 0;; ++i) continue;
  return unused;
}

int main(void) {
  sigset_t all;
  pthread_t thread;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, 0);
  pthread_create(&thread, 0, spin, 0);
  spin(0);
}
