// Everybody that can be reached is stopped, then the payload goes.
// limits: wall_ms=5000
// expect: cause=exited exit=0
#include <signal.h>
#include <unistd.h>

int main(void) {
  for (int i = 0; i < 4; ++i)
    if (fork() == 0)
      for (;;) pause();
  return kill(-1, SIGSTOP);
}
