// Its flags stand in memory, where no filter sees them: libraries are told that it does not exist.
// expect: cause=exited exit=0
#define _GNU_SOURCE
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  long arguments[8] = {0x10000000};  // CLONE_NEWUSER
  if (syscall(SYS_clone3, arguments, sizeof arguments) != -1 || errno != ENOSYS) return 1;
  return 0;
}
