// The host says how large a pipe may be.
// expect: cause=exited exit=0
#define _GNU_SOURCE
#include <fcntl.h>

int main(void) {
  return fcntl(1, F_SETPIPE_SZ, 256 << 20) < 0 ? 0 : 1;
}
