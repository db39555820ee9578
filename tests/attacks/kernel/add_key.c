// Leaves a key with the user.
// expect: cause=forbidden_syscall signal=31 syscall=add_key
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_add_key, "user", "rota", "x", 1, -4);
  return 1;
}
