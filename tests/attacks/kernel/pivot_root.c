// Swaps the root.
// expect: cause=forbidden_syscall signal=31 syscall=pivot_root
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_pivot_root, ".", ".");
  return 1;
}
