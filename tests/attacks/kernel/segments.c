// Descriptor tables of its own have a long record of kernel bugs.
// expect: cause=exited exit=0
#define _GNU_SOURCE
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  if (syscall(SYS_modify_ldt, 0, 0, 0) != -1 || errno != ENOSYS) return 1;
  if (syscall(SYS_modify_ldt, 1, 0, 0) != -1 || errno != ENOSYS) return 2;
  return 0;
}
