// Moves a mount.
// expect: cause=forbidden_syscall signal=31 syscall=move_mount
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_move_mount, -100, "/work", -100, "/tmp", 0);
  return 1;
}
