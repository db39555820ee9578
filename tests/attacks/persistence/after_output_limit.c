// first: cause=output signal=9
// limits: output_kb=64
// expect: cause=exited exit=0 stdout_bytes=65536 stdout_cut=0
#include <string.h>
#include <unistd.h>

static char block[1 << 16];

int main(int count, char** arguments) {
  do write(1, block, sizeof block);
  while (strcmp(arguments[1], "first") == 0);
  return 0;
}
