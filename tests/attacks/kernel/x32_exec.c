// execve has a number of its own among the x32 calls.
// expect: cause=forbidden_syscall signal=31
#include <unistd.h>

int main(void) {
  syscall(0x40000000 + 520, "/usr/bin/true", 0, 0);
  return 1;
}
