// The first half of the oldest break-out.
// expect: cause=exited exit=0
#define _GNU_SOURCE
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  if (chroot("/tmp") != -1 || errno != EPERM) return 1;
  return 0;
}
