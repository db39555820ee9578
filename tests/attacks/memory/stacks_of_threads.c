// Each thread's stack is small; all of them are not.
// limits: memory_mb=32
// needs: memory-cgroup
// expect: cause=memory signal=9
#include <pthread.h>
#include <unistd.h>

static void* fill_stack(void* unused) {
  volatile char frame[6 << 20];
  for (int at = 0; at < sizeof frame; at += 4096) frame[at] = 1;
  for (;;) pause();
  return unused;
}

int main(void) {
  pthread_t thread;
  for (int i = 0; i < 20; ++i)
    if (pthread_create(&thread, 0, fill_stack, 0) != 0) return 1;
  for (;;) pause();
}
