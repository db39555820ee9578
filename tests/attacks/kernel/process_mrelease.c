// Empties the memory of a dying process.
// expect: cause=forbidden_syscall signal=31 syscall=process_mrelease
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_process_mrelease, 0, 0);
  return 1;
}
