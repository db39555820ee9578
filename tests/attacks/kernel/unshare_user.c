// expect: cause=forbidden_syscall signal=31
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  unshare(CLONE_NEWUSER);
  return 0;
}
