// Leases make others wait, directory notification spies.
// expect: cause=exited exit=0
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  if (fcntl(0, F_SETLEASE, 0) != -1 || errno != ENOSYS) return 1;
  if (fcntl(0, F_NOTIFY, 1) != -1 || errno != ENOSYS) return 2;
  if (fcntl(0, F_SETOWN_EX, 0) != -1 || errno != ENOSYS) return 3;
  if (fcntl(0, 1036, 0) != -1 || errno != ENOSYS) return 4;
  return 0;
}
