// Loads a kernel module, from memory.
// expect: cause=forbidden_syscall signal=31 syscall=init_module
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_init_module, "", 0, "");
  return 1;
}
