// Covers /tmp.
// marks: self-test
// expect: cause=forbidden_syscall signal=31 syscall=mount
#include <sys/mount.h>

int main(void) {
  mount("none", "/tmp", "tmpfs", 0, 0);
  return 1;
}
