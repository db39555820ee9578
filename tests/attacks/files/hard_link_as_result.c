// No hard link leads out of the file system.
// outputs: result
// expect: cause=exited exit=0
#include <errno.h>
#include <unistd.h>

int main(void) {
  return link("/etc/passwd", "result") < 0 && errno == EXDEV ? 0 : 1;
}
