// The other half of the old container break-out.
// expect: cause=forbidden_syscall signal=31 syscall=open_by_handle_at
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_open_by_handle_at, -100, "", 0);
  return 1;
}
