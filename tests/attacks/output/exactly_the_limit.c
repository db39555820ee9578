// The limit itself is allowed.
// limits: output_kb=64
// expect: cause=exited exit=0 stdout_bytes=65536 stdout_cut=0 stderr_bytes=65536 stderr_cut=0
#include <unistd.h>

static char block[1 << 16];

int main(void) {
  return write(1, block, sizeof block) + write(2, block, sizeof block) == 2 * sizeof block ? 0 : 1;
}
