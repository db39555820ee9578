// A signal takes the caller out of a forbidden call while the supervisor looks at it. The run ends all the same.
// expect: cause=forbidden_syscall signal=31
#include <signal.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

static void handle(int signal) {}

int main(void) {
  signal(SIGALRM, handle);
  for (;;) {
    const struct itimerval soon = {{0, 0}, {0, 1000}};
    setitimer(ITIMER_REAL, &soon, 0);
    syscall(SYS_ptrace, 0, 0, 0, 0);
  }
}
