// A device node needs a capability that no program of the box has.
// outputs: result
// expect: cause=exited exit=0
#include <errno.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

int main(void) {
  return mknod("result", S_IFCHR | 0600, makedev(1, 5)) < 0 && errno == EPERM ? 0 : 1;
}
