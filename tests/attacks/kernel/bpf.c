// Loads a program into the kernel.
// expect: cause=forbidden_syscall signal=31 syscall=bpf
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_bpf, 5, 0, 0);
  return 1;
}
