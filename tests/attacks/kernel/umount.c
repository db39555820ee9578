// Uncovers what lies below /work.
// expect: cause=forbidden_syscall signal=31 syscall=umount2
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_umount2, "/work", 2);
  return 1;
}
