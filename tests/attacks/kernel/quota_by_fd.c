// Changes disk quotas, by descriptor.
// expect: cause=forbidden_syscall signal=31 syscall=quotactl_fd
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_quotactl_fd, 0, 0, 0, 0);
  return 1;
}
