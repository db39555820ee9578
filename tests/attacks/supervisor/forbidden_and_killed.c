// Whoever makes the call is killed while it is looked at, again and again: sooner or later one of them is caught. Its call
// goes unnamed where it died in between.
// limits: wall_ms=2000
// expect: cause=forbidden_syscall signal=31 syscall=ptrace|none
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
  for (int delay = 0;; delay = (delay + 7) % 400) {
    const pid_t child = fork();
    if (child == 0) {
      ptrace(PTRACE_TRACEME, 0, 0, 0);
      for (;;) pause();
    }
    usleep(delay);
    kill(child, SIGKILL);
    waitpid(child, 0, 0);
  }
}
