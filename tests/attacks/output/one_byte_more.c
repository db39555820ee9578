// One byte past the limit, written last of all: it was too much even though the program has ended.
// limits: output_kb=64
// expect: cause=output stdout_bytes=65536 stdout_cut=1
#include <unistd.h>

static char block[(1 << 16) + 1];

int main(void) {
  write(1, block, sizeof block);
  return 0;
}
