// A daemon of the old school outlives its parents and holds stdout open.
// limits: wall_ms=5000
// expect: cause=exited exit=0
#include <unistd.h>

int main(void) {
  if (fork() > 0) return 0;
  setsid();
  if (fork() > 0) return 0;
  for (;;) pause();
}
