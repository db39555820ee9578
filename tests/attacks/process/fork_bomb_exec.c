// vfork and exec of itself: no process lives for long, no page is shared.
// limits: cpu_ms=300 wall_ms=20000 processes=32
// needs: pids-cgroup cpu-cgroup
// expect: cause=cpu_time signal=9 process_limit_hit=1
#include <unistd.h>

int main(int count, char** arguments) {
  for (;;)
    if (vfork() == 0) {
      execl("/proc/self/exe", "rota-attacks", arguments[0], (char*)0);
      _exit(1);
    }
}
