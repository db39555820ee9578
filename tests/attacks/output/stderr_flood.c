// limits: output_kb=64 wall_ms=5000
// expect: cause=output signal=9 stderr_cut=1 stderr_bytes=65536
#include <unistd.h>

static char block[1 << 16];

int main(void) {
  for (;;) write(2, block, sizeof block);
}
