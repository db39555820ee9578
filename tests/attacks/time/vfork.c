// A parent in vfork sleeps in the kernel and hears no signal but one.
// limits: wall_ms=200
// expect: cause=wall_time signal=9
#include <unistd.h>

int main(void) {
  if (vfork() == 0)
    for (;;) pause();
  return 0;
}
