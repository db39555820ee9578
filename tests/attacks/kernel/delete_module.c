// Unloads a kernel module.
// expect: cause=forbidden_syscall signal=31 syscall=delete_module
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_delete_module, "loop", 0);
  return 1;
}
