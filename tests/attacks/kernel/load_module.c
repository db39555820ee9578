// Loads a kernel module, by descriptor.
// expect: cause=forbidden_syscall signal=31 syscall=finit_module
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_finit_module, 0, "", 0);
  return 1;
}
