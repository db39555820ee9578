// The call is made by a process that nobody is the parent of.
// limits: wall_ms=2000
// expect: cause=forbidden_syscall signal=31 syscall=ptrace
#include <sys/ptrace.h>
#include <unistd.h>

int main(void) {
  if (fork() == 0) {
    if (fork() == 0) {
      ptrace(PTRACE_TRACEME, 0, 0, 0);
      for (;;) pause();
    }
    _exit(0);
  }
  for (;;) pause();
}
