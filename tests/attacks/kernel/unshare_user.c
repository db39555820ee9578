// Moves to a user namespace, in which it would be root.
// expect: cause=forbidden_syscall signal=31 syscall=unshare
#define _GNU_SOURCE
#include <sched.h>

int main(void) {
  unshare(CLONE_NEWUSER);
  return 1;
}
