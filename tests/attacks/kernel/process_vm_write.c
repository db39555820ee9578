// Writes to the memory of process 1.
// expect: cause=forbidden_syscall signal=31 syscall=process_vm_writev
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_process_vm_writev, 1, 0, 0, 0, 0, 0);
  return 1;
}
