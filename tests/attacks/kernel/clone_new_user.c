// A child in a user namespace of its own.
// expect: cause=forbidden_syscall signal=31 syscall=clone
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  if (syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0) == 0) _exit(0);
  return 1;
}
