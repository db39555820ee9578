// Reads the session keyring, which belongs to no namespace of ours.
// expect: cause=forbidden_syscall signal=31 syscall=keyctl
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_keyctl, 0, -3, 0);
  return 1;
}
