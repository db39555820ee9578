// Reads the memory of process 1.
// expect: cause=forbidden_syscall signal=31 syscall=process_vm_readv
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_process_vm_readv, 1, 0, 0, 0, 0, 0);
  return 1;
}
