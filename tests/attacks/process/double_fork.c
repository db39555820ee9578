// A grandchild that writes on after its elders are gone: the run is over when the payload is.
// limits: wall_ms=5000
// expect: cause=exited exit=3
#include <unistd.h>

int main(void) {
  if (fork() == 0) {
    if (fork() == 0)
      for (;;) usleep(1000);
    _exit(0);
  }
  return 3;
}
