// Kernel addresses, by comparison.
// expect: cause=exited exit=0
#define _GNU_SOURCE
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  if (syscall(SYS_kcmp, 1, 1, 0, 0, 0) != -1 || errno != EPERM) return 1;
  if (syscall(SYS_process_madvise, 0, 0, 0, 0, 0) != -1 || errno != EPERM) return 2;
  return 0;
}
