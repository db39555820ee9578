// The child makes the call on its parent's memory while the parent sleeps in the kernel.
// limits: wall_ms=2000
// expect: cause=forbidden_syscall signal=31 syscall=ptrace
#include <sys/ptrace.h>
#include <unistd.h>

int main(void) {
  if (vfork() == 0) {
    ptrace(PTRACE_TRACEME, 0, 0, 0);
    _exit(0);
  }
  return 1;
}
