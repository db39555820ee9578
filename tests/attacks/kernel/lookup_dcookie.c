// A call that only profilers made.
// expect: cause=forbidden_syscall signal=31 syscall=lookup_dcookie
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_lookup_dcookie, 0, 0, 0);
  return 1;
}
