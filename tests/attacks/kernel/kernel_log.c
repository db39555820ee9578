// Its own messages are the kernel's secret: addresses stand in them.
// expect: cause=exited exit=0
#define _GNU_SOURCE
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  if (syscall(SYS_syslog, 3, 0, 0) != -1 || errno != EPERM) return 1;
  if (syscall(SYS_syslog, 5, 0, 0) != -1 || errno != EPERM) return 2;
  return 0;
}
