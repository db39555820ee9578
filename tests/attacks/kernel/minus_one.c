// The number -1 is no call, whatever its bits say.
// expect: cause=exited exit=0
#include <errno.h>
#include <unistd.h>

int main(void) {
  return syscall(-1) == -1 && errno == ENOSYS ? 0 : 1;
}
