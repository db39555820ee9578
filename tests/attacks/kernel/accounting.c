// Has the kernel write an account of every process.
// expect: cause=forbidden_syscall signal=31 syscall=acct
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_acct, "/tmp/account");
  return 1;
}
