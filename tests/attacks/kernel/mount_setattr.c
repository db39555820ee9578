// Makes the read-only places writable.
// expect: cause=forbidden_syscall signal=31 syscall=mount_setattr
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_mount_setattr, -100, "/usr", 0, 0, 0);
  return 1;
}
