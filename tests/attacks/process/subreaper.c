// Takes init's place as the parent of orphans, then leaves them.
// limits: wall_ms=5000
// expect: cause=exited exit=0
#include <sys/prctl.h>
#include <unistd.h>

int main(void) {
  if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0) return 1;
  if (fork() == 0) {
    if (fork() == 0)
      for (;;) pause();
    _exit(0);
  }
  usleep(20000);
  return 0;
}
