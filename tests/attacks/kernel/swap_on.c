// Swaps to a file of ours.
// expect: cause=forbidden_syscall signal=31 syscall=swapon
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_swapon, "/tmp/swap", 0);
  return 1;
}
