// A key of the user's would outlive every process; there are no keys at all.
// first: cause=forbidden_syscall signal=31 syscall=add_key
// expect: cause=forbidden_syscall signal=31 syscall=request_key
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int count, char** arguments) {
  if (strcmp(arguments[1], "first") == 0) syscall(SYS_add_key, "user", "left", "x", 1, -4);
  syscall(SYS_request_key, "user", "left", 0, 0);
  return 1;
}
