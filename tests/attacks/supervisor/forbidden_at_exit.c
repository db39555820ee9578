// Closed streams, an orphan that holds them, and the call as the last thing of all.
// limits: wall_ms=5000
// expect: cause=forbidden_syscall signal=31 syscall=ptrace stdout_bytes=4
#include <sys/ptrace.h>
#include <unistd.h>

int main(void) {
  write(1, "last", 4);
  if (fork() == 0)
    for (;;) pause();
  for (int fd = 0; fd < 3; ++fd) close(fd);
  ptrace(PTRACE_TRACEME, 0, 0, 0);
  return 1;
}
