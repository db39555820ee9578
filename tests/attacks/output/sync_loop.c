// Would have every disk of the host work; it is told that it is done.
// limits: cpu_ms=300 wall_ms=20000
// expect: cause=cpu_time signal=9
#define _GNU_SOURCE
#include <unistd.h>

int main(void) {
  for (;;) {
    sync();
    syncfs(0);
  }
}
