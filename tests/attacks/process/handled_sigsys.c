// A handler of the signal that a filter sends does not help.
// expect: cause=forbidden_syscall signal=31 syscall=ptrace
#include <signal.h>
#include <sys/ptrace.h>
#include <unistd.h>

static void carry_on(int number) {
  (void)number;
}

int main(void) {
  signal(SIGSYS, carry_on);
  ptrace(PTRACE_TRACEME, 0, 0, 0);
  return 1;
}
