// A brother instead of a child: the waiting of our own parent, which judges us, is not disturbed by it.
// limits: wall_ms=5000
// expect: cause=exited exit=7
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  for (int i = 0; i < 10; ++i)
    if (syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0) == 0) _exit(99);
  usleep(50000);
  return 7;
}
