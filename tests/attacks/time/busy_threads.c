// The CPU time of all threads is one sum.
// limits: cpu_ms=400 wall_ms=20000
// expect: cause=cpu_time signal=9
#include <pthread.h>
#include <unistd.h>

static void* spin(void* unused) {
  for (volatile unsigned i = 0;; ++i) continue;
  return unused;
}

int main(void) {
  pthread_t thread;
  for (int i = 0; i < 16; ++i) pthread_create(&thread, 0, spin, 0);
  for (;;) pause();
}
