// A thread becomes another program while others run: what it ends with is the run's end.
// expect: cause=exited exit=1
#include <pthread.h>
#include <unistd.h>

static void* become_false(void* unused) {
  execl("/usr/bin/false", "false", (char*)0);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, become_false, 0);
  for (;;) pause();
}
