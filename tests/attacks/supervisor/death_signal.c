// Asks for a signal at its parent's death, and for init's.
// expect: cause=exited exit=0
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(void) {
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  for (int i = 0; i < 10; ++i)
    if (fork() == 0) {
      prctl(PR_SET_PDEATHSIG, SIGSTOP, 0, 0, 0);
      for (;;) pause();
    }
  return 0;
}
