// Changes the domain name.
// expect: cause=forbidden_syscall signal=31 syscall=setdomainname
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_setdomainname, "evil", 4);
  return 1;
}
