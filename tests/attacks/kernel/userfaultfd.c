// Makes the kernel wait in the middle of a copy.
// expect: cause=forbidden_syscall signal=31 syscall=userfaultfd
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_userfaultfd, 1);
  return 1;
}
