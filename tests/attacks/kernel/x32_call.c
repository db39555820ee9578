// getpid by the x32 numbers.
// marks: self-test
// expect: cause=forbidden_syscall signal=31
#include <unistd.h>

int main(void) {
  syscall(0x40000000 + 39);
  return 1;
}
