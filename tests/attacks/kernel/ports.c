// The machine's ports.
// expect: cause=exited exit=0
#define _GNU_SOURCE
#include <errno.h>
#include <sys/io.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  if (iopl(3) != -1 || errno != EPERM) return 1;
  if (ioperm(0x80, 1, 1) != -1 || errno != EPERM) return 2;
  return 0;
}
