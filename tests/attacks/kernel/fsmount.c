// Makes a mount of a file system.
// expect: cause=forbidden_syscall signal=31 syscall=fsmount
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_fsmount, 3, 0, 0);
  return 1;
}
