// Takes the host its swap.
// expect: cause=forbidden_syscall signal=31 syscall=swapoff
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_swapoff, "/dev/sda");
  return 1;
}
