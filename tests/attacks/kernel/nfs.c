// A call that no kernel has had for ten years.
// expect: cause=forbidden_syscall signal=31 syscall=nfsservctl
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_nfsservctl, 0, 0, 0);
  return 1;
}
