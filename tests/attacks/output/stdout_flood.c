// marks: self-test
// limits: output_kb=64 wall_ms=5000
// expect: cause=output signal=9 stdout_cut=1 stdout_bytes=65536 stderr_cut=0
#include <unistd.h>

static char block[1 << 16];

int main(void) {
  for (;;) write(1, block, sizeof block);
}
