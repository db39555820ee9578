// Hangs up the terminal.
// expect: cause=exited exit=0
#define _GNU_SOURCE
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  if (vhangup() != -1 || errno != EPERM) return 1;
  return 0;
}
