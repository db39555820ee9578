// Changes the host name.
// expect: cause=forbidden_syscall signal=31 syscall=sethostname
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_sethostname, "evil", 4);
  return 1;
}
