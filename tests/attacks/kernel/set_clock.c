// The clock is the host's.
// expect: cause=exited exit=0
#define _GNU_SOURCE
#include <errno.h>
#include <sys/time.h>
#include <time.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  struct timespec now = {0, 0};
  struct timeval day = {0, 0};
  if (clock_settime(CLOCK_REALTIME, &now) != -1 || errno != EPERM) return 1;
  if (settimeofday(&day, 0) != -1 || errno != EPERM) return 2;
  if (syscall(SYS_adjtimex, 0) != -1 || errno != EPERM) return 3;
  if (syscall(SYS_clock_adjtime, 0, 0) != -1 || errno != EPERM) return 4;
  return 0;
}
