// Signals arrive all the time while the call is looked at: it is not forgotten over them. It goes unnamed where one took the
// caller out before the supervisor came to read it.
// limits: wall_ms=2000
// expect: cause=forbidden_syscall signal=31 syscall=ptrace|none
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/time.h>

static void return_at_once(int number) {
  (void)number;
}

int main(void) {
  const struct itimerval often = {{0, 50}, {0, 50}};
  signal(SIGALRM, return_at_once);
  setitimer(ITIMER_REAL, &often, 0);
  for (volatile int i = 0; i < 1000000; ++i) continue;
  ptrace(PTRACE_TRACEME, 0, 0, 0);
  return 1;
}
