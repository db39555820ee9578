// Calls in a ring pass no filter.
// expect: cause=exited exit=0
#define _GNU_SOURCE
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  char parameters[120] = {0};
  if (syscall(SYS_io_uring_setup, 8, parameters) != -1 || errno != ENOSYS) return 1;
  if (syscall(SYS_io_uring_enter, 0, 1, 0, 0, 0, 0) != -1 || errno != ENOSYS) return 2;
  if (syscall(SYS_io_uring_register, 0, 0, 0, 0) != -1 || errno != ENOSYS) return 3;
  return 0;
}
