// Handles open files past all paths.
// expect: cause=forbidden_syscall signal=31 syscall=name_to_handle_at
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_name_to_handle_at, 0, "", 0, 0, 0);
  return 1;
}
