// The call is made when there is no descriptor, no process and no memory left to have.
// limits: wall_ms=5000 processes=10 memory_mb=64
// needs: pids-cgroup memory-cgroup
// expect: cause=forbidden_syscall signal=31 syscall=ptrace
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <unistd.h>

int main(void) {
  memset(malloc(50 << 20), 1, 50 << 20);
  while (dup(0) >= 0) continue;
  for (;;) {
    const pid_t child = fork();
    if (child < 0) break;
    if (child == 0)
      for (;;) pause();
  }
  ptrace(PTRACE_TRACEME, 0, 0, 0);
  return 1;
}
