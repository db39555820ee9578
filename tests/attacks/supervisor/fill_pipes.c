// Fills stdout and stderr without a pause, then waits: whoever reads us must not wait with us.
// limits: output_kb=256 wall_ms=400
// expect: cause=wall_time signal=9 stdout_bytes=262144 stderr_bytes=262144
#include <unistd.h>

static char block[1 << 16];

int main(void) {
  for (int i = 0; i < 4; ++i) {
    write(1, block, sizeof block);
    write(2, block, sizeof block);
  }
  for (;;) pause();
}
