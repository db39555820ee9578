// limits: file_kb=1024
// expect: cause=signalled signal=25
#include <fcntl.h>
#include <unistd.h>

static char block[1 << 16];

int main(void) {
  const int file = open("/tmp/big", O_WRONLY | O_CREAT, 0600);
  while (write(file, block, sizeof block) > 0) continue;
  return 1;
}
