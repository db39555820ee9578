// The one device that needs no right: overlayfs takes it for "deleted".
// outputs: result
// expect: cause=exited exit=0 refused=result
#include <errno.h>
#include <sys/stat.h>

int main(void) {
  return mknod("result", S_IFCHR | 0600, 0) == 0 ? 0 : 1;
}
