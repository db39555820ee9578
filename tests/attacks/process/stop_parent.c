// A child stops its parent: time goes on.
// limits: wall_ms=300
// expect: cause=wall_time signal=9
#include <signal.h>
#include <unistd.h>

int main(void) {
  if (fork() == 0) {
    kill(getppid(), SIGSTOP);
    _exit(0);
  }
  for (;;) pause();
}
