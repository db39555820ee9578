// Moves to a mount namespace.
// expect: cause=forbidden_syscall signal=31 syscall=unshare
#define _GNU_SOURCE
#include <sched.h>

int main(void) {
  unshare(CLONE_NEWNS);
  return 1;
}
