// Ended children that nobody waits for keep their places.
// limits: processes=20
// needs: pids-cgroup
// expect: cause=exited exit=0 process_limit_hit=1
#include <unistd.h>

int main(void) {
  int children = 0;
  for (;;) {
    const pid_t child = fork();
    if (child < 0) break;
    if (child == 0) _exit(0);
    ++children;
  }
  return children == 19 ? 0 : 1;
}
