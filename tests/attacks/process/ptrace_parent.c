// A child takes its parent over. A forbidden call ends the whole run, whoever makes it.
// expect: cause=forbidden_syscall signal=31 syscall=ptrace
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
  if (fork() == 0) {
    ptrace(PTRACE_ATTACH, getppid(), 0, 0);
    _exit(0);
  }
  wait(0);
  return 1;
}
