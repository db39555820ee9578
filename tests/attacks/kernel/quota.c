// Changes disk quotas.
// expect: cause=forbidden_syscall signal=31 syscall=quotactl
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_quotactl, 0, "/dev/sda", 0, 0);
  return 1;
}
