// Asynchronous input and output of the old kind has a long record of bugs.
// expect: cause=forbidden_syscall signal=31 syscall=io_setup
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_io_setup, 1, 0);
  return 1;
}
