// A terabyte that takes no room is too long all the same.
// limits: file_kb=1024
// expect: cause=signalled signal=25
#include <fcntl.h>
#include <unistd.h>

int main(void) {
  const int file = open("/tmp/sparse", O_WRONLY | O_CREAT, 0600);
  ftruncate(file, 1L << 40);
  return 1;
}
