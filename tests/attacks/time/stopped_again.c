// Two that stop and wake each other: nobody works, nobody ends.
// limits: wall_ms=300
// expect: cause=wall_time signal=9
#include <signal.h>
#include <unistd.h>

int main(void) {
  const pid_t child = fork();
  const pid_t other = child == 0 ? getppid() : child;
  for (;;) {
    kill(other, SIGCONT);
    usleep(1000);
    kill(other, SIGSTOP);
  }
}
