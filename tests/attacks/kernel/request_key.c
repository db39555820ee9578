// Has the kernel start a helper of the host for a key.
// expect: cause=forbidden_syscall signal=31 syscall=request_key
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_request_key, "user", "rota", "x", -4);
  return 1;
}
