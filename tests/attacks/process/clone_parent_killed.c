// A brother that ends by a signal, and one that stays: neither end is taken for ours.
// limits: wall_ms=5000
// expect: cause=exited exit=7
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  if (syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0) == 0) kill(getpid(), SIGSEGV);
  if (syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0) == 0)
    for (;;) pause();
  if (syscall(SYS_clone, CLONE_PARENT | 0, 0, 0, 0, 0) == 0) _exit(3);
  usleep(50000);
  return 7;
}
