// A run that took every process leaves the next one all of them.
// limits: cpu_ms=300 wall_ms=20000 processes=32
// needs: pids-cgroup cpu-cgroup
// first: cause=cpu_time signal=9 process_limit_hit=1
// expect: cause=exited exit=0 process_limit_hit=0
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int count, char** arguments) {
  while (strcmp(arguments[1], "first") == 0) fork();
  for (int i = 0; i < 31; ++i) {
    const pid_t child = fork();
    if (child < 0) return 1;
    if (child == 0)
      for (;;) pause();
  }
  return 0;
}
