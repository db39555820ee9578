// Each stream has its own limit: one is filled to the last byte, the other past it.
// limits: output_kb=64 wall_ms=5000
// expect: cause=output signal=9 stdout_bytes=65536 stdout_cut=0 stderr_bytes=65536 stderr_cut=1
#include <unistd.h>

static char block[1 << 16];

int main(void) {
  write(1, block, sizeof block);
  for (;;) write(2, block, sizeof block);
}
