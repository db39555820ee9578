// Children count with their parent, also those whose ends are waited for by nobody.
// limits: cpu_ms=300 wall_ms=20000
// needs: cpu-cgroup
// expect: cause=cpu_time signal=9
#include <signal.h>
#include <time.h>
#include <unistd.h>

int main(void) {
  signal(SIGCHLD, SIG_IGN);
  for (;;) {
    if (fork() == 0) {
      while (clock() < CLOCKS_PER_SEC / 100) continue;
      _exit(0);
    }
    usleep(10000);
  }
}
