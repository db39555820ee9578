// A run that filled /work and /tmp leaves the next one all of both.
// limits: file_kb=4096
// first: cause=exited exit=0
// expect: cause=exited exit=0
#include <fcntl.h>
#include <unistd.h>

static char block[1 << 16];

static int fill(const char* path) {
  const int file = open(path, O_WRONLY | O_CREAT, 0600);
  int written = 0;
  for (int i = 0; i < 64; ++i) written += write(file, block, sizeof block) == sizeof block;
  return written;
}

int main(void) {
  return fill("/work/full") >= 64 && fill("/tmp/full") == 64 ? 0 : 1;
}
