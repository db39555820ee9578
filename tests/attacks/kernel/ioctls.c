// What programs have no use for, or could change the host with, does not exist.
// expect: cause=exited exit=0
#define _GNU_SOURCE
#include <errno.h>
#include <linux/fs.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  int flags = 0;
  if (ioctl(0, FIFREEZE, 0) != -1 || errno != ENOSYS) return 1;
  if (ioctl(0, FITHAW, 0) != -1 || errno != ENOSYS) return 2;
  if (ioctl(0, FS_IOC_SETFLAGS, &flags) != -1 || errno != ENOSYS) return 3;
  if (ioctl(0, FIDEDUPERANGE, 0) != -1 || errno != ENOSYS) return 4;
  if (ioctl(0, BLKRRPART, 0) != -1 || errno != ENOSYS) return 5;
  if (ioctl(0, 0xb702, 0) != -1 || errno != ENOSYS) return 6;
  if (ioctl(0, SIOCSIFFLAGS, 0) != -1 || errno != ENOSYS) return 7;
  if (ioctl(0, TIOCSETD, &flags) != -1 || errno != ENOSYS) return 8;
  return 0;
}
