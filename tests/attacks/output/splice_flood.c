// Pages go to stdout without passing through this program.
// limits: output_kb=64
// expect: cause=output signal=9 stdout_bytes=65536 stdout_cut=1
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/sendfile.h>
#include <unistd.h>

int main(void) {
  const int zeros = open("/dev/zero", O_RDONLY);
  for (;;)
    if (splice(zeros, 0, 1, 0, 1 << 16, 0) < 0 && sendfile(1, zeros, 0, 1 << 16) < 0) return 1;
}
