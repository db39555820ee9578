// Configures a file system.
// expect: cause=forbidden_syscall signal=31 syscall=fsconfig
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_fsconfig, 3, 6, 0, 0, 0);
  return 1;
}
