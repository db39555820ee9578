// Moves to a pid namespace, for its children.
// expect: cause=forbidden_syscall signal=31 syscall=unshare
#define _GNU_SOURCE
#include <sched.h>

int main(void) {
  unshare(CLONE_NEWPID);
  return 1;
}
