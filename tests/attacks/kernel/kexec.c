// Starts another kernel.
// expect: cause=forbidden_syscall signal=31 syscall=kexec_load
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_kexec_load, 0, 0, 0, 0);
  return 1;
}
