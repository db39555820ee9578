// A second filter could make the first one's decisions look like others.
// expect: cause=exited exit=0
#define _GNU_SOURCE
#include <errno.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  if (syscall(SYS_seccomp, 0, 0, 0) != -1 || errno != ENOSYS) return 1;
  if (syscall(SYS_seccomp, 1, 8, 0) != -1 || errno != ENOSYS) return 2;
  if (prctl(PR_SET_SECCOMP, 2, 0) != -1 || errno != ENOSYS) return 3;
  if (prctl(PR_SET_SECCOMP, 1, 0) != -1 || errno != ENOSYS) return 4;
  return 0;
}
