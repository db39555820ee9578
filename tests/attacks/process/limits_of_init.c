// Lowers the limits of process 1, which it shares a user with where the box has no root.
// expect: cause=exited exit=0
#define _GNU_SOURCE
#include <errno.h>
#include <sys/resource.h>

int main(void) {
  struct rlimit none = {0, 0};
  if (prlimit(1, RLIMIT_CPU, &none, 0) == 0) return 1;
  return errno == EPERM ? 0 : 2;
}
