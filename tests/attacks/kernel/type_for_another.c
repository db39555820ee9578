// TIOCSTI types into the terminal; with bits above the 32 that the kernel looks at as well.
// expect: cause=exited exit=0
#define _GNU_SOURCE
#include <errno.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  if (ioctl(0, TIOCSTI, "x") != -1 || errno != ENOSYS) return 1;
  if (syscall(SYS_ioctl, 0, 0xffffffff00000000 | TIOCSTI, "x") != -1 || errno != ENOSYS) return 2;
  if (ioctl(0, TIOCSCTTY, 1) != -1 || errno != ENOSYS) return 3;
  if (ioctl(0, TIOCLINUX, "\2") != -1 || errno != ENOSYS) return 4;
  return 0;
}
