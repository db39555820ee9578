// Each process starts the next and is gone: whoever looks for it finds it no more. Its CPU time is counted all the same.
// limits: cpu_ms=300 wall_ms=20000
// needs: cpu-cgroup
// expect: cause=cpu_time signal=9
#include <unistd.h>

int main(void) {
  if (fork() == 0)
    for (;;)
      if (fork() > 0) _exit(0);
  for (;;) pause();
}
