// Asks to be traced, as the first half of tracing somebody.
// marks: self-test
// expect: cause=forbidden_syscall signal=31 syscall=ptrace
#include <sys/ptrace.h>

int main(void) {
  ptrace(PTRACE_TRACEME, 0, 0, 0);
  return 1;
}
