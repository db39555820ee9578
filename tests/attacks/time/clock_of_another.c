// Reads the CPU clocks of processes that it must not see.
// expect: cause=exited exit=0
#include <sys/types.h>
#include <time.h>

int main(void) {
  struct timespec now;
  for (pid_t pid = 4; pid < 70000; ++pid) {
    const clockid_t clock = ((clockid_t)~pid << 3) | 2;
    if (clock_gettime(clock, &now) == 0) return 1;
  }
  return 0;
}
