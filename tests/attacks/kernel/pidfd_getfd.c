// Takes a descriptor out of process 1.
// expect: cause=forbidden_syscall signal=31 syscall=pidfd_getfd
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_pidfd_getfd, syscall(SYS_pidfd_open, 1, 0), 3, 0);
  return 1;
}
