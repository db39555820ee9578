// Children that nobody is the parent of work in its place.
// limits: cpu_ms=300 wall_ms=20000
// needs: cpu-cgroup
// expect: cause=cpu_time signal=9
#include <unistd.h>

int main(void) {
  for (int i = 0; i < 4; ++i)
    if (fork() == 0) {
      if (fork() == 0)
        for (volatile unsigned k = 0;; ++k) continue;
      _exit(0);
    }
  for (;;) pause();
}
