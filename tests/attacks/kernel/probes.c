// What runtimes try harmlessly fails with an error and does not kill.
// expect: cause=exited exit=0
#define _GNU_SOURCE
#include <errno.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/syscall.h>
#include <unistd.h>

static int fails_with(long result, int error) {
  return result == -1 && errno == error;
}

int main(void) {
  if (!fails_with(syscall(SYS_clone3, 0, 0), ENOSYS)) return 1;
  if (!fails_with(syscall(SYS_io_uring_setup, 1, 0), ENOSYS)) return 2;
  if (!fails_with(ioctl(0, TIOCSTI, "x"), ENOSYS)) return 3;
  if (!fails_with(syscall(SYS_ioctl, 0, 0xffffffff00000000 | TIOCSTI, "x"), ENOSYS)) return 4;
  if (!fails_with(personality(ADDR_NO_RANDOMIZE), ENOSYS)) return 5;
  if (personality(0xffffffff) < 0) return 6;
  if (!fails_with(syscall(SYS_seccomp, 0, 0, 0), ENOSYS)) return 7;
  if (!fails_with(syscall(1000), ENOSYS)) return 8;
  return 0;
}
