// Restarts the machine, were it let.
// expect: cause=forbidden_syscall signal=31 syscall=reboot
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_reboot, 0, 0, 0, 0);
  return 1;
}
