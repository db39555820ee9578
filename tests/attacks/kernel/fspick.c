// Takes up a mounted file system to change it.
// expect: cause=forbidden_syscall signal=31 syscall=fspick
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_fspick, -100, "/usr", 0);
  return 1;
}
