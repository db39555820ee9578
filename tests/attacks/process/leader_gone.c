// The first thread ends, another lives on: the process is not over, and the clock goes on.
// limits: wall_ms=300
// expect: cause=wall_time signal=9
#include <pthread.h>
#include <unistd.h>

static void* sleep_for_ever(void* unused) {
  for (;;) pause();
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, sleep_for_ever, 0);
  pthread_exit(0);
}
