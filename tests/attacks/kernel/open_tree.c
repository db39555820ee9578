// Copies a mount.
// expect: cause=forbidden_syscall signal=31 syscall=open_tree
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_open_tree, -100, "/", 1);
  return 1;
}
