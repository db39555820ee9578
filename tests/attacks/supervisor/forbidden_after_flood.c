// Passes a limit and makes a forbidden call at once: what came first is the verdict.
// limits: output_kb=64
// expect: cause=forbidden_syscall signal=31 syscall=ptrace stdout_bytes=10
#include <sys/ptrace.h>
#include <unistd.h>

int main(void) {
  write(1, "0123456789", 10);
  ptrace(PTRACE_TRACEME, 0, 0, 0);
  for (;;) write(1, "x", 1);
}
