// Whatever number a process of the host has, it is not to be found: only init answers.
// expect: cause=exited exit=0
#include <errno.h>
#include <signal.h>
#include <unistd.h>

int main(void) {
  for (pid_t pid = 2; pid < 70000; ++pid)
    if (pid != getpid() && kill(pid, SIGKILL) == 0) return 1;
  return 0;
}
