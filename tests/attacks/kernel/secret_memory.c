// Memory that not even the kernel sees is memory that nobody can inspect.
// expect: cause=forbidden_syscall signal=31 syscall=memfd_secret
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_memfd_secret, 0);
  return 1;
}
