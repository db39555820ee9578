// Pages of a file go to stdout without passing through this program.
// limits: output_kb=64
// expect: cause=output signal=9 stdout_bytes=65536 stdout_cut=1
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/sendfile.h>
#include <unistd.h>

int main(void) {
  off_t start = 0;
  const int zeros = open("zeros", O_RDWR | O_CREAT, 0600);
  if (ftruncate(zeros, 1 << 16) != 0) return 1;
  for (;; start = 0)
    if (sendfile(1, zeros, &start, 1 << 16) < 0) return 2;
}
