// Children in sessions and groups of their own, stopped, deaf and waiting: all end with the payload.
// limits: wall_ms=5000
// expect: cause=exited exit=0
#include <signal.h>
#include <unistd.h>

int main(void) {
  for (int i = 0; i < 8; ++i)
    if (fork() == 0) {
      i % 2 ? setsid() : setpgid(0, 0);
      for (int number = 1; number < 65; ++number) signal(number, SIG_IGN);
      if (i % 3 == 0) raise(SIGSTOP);
      for (;;) pause();
    }
  return 0;
}
