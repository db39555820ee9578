// Begins a mount by the new calls.
// expect: cause=forbidden_syscall signal=31 syscall=fsopen
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_fsopen, "tmpfs", 0);
  return 1;
}
