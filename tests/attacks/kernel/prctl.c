// Options that nobody needs: memory maps, tracers, securebits, dispatch of system calls.
// expect: cause=exited exit=0
#define _GNU_SOURCE
#include <errno.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  if (prctl(PR_SET_MM, 1, 0, 0, 0) != -1 || errno != ENOSYS) return 1;
  if (prctl(PR_SET_PTRACER, 1, 0, 0, 0) != -1 || errno != ENOSYS) return 2;
  if (prctl(PR_SET_SECUREBITS, 0) != -1 || errno != ENOSYS) return 3;
  if (prctl(PR_SET_KEEPCAPS, 1) != -1 || errno != ENOSYS) return 4;
  if (prctl(PR_CAP_AMBIENT, 2, 1, 0, 0) != -1 || errno != ENOSYS) return 5;
  if (prctl(59, 1, 0, 0, 0) != -1 || errno != ENOSYS) return 6;
  if (prctl(PR_MCE_KILL, 1, 0, 0, 0) != -1 || errno != ENOSYS) return 7;
  return 0;
}
