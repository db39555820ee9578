// Nothing but the three standard streams is open.
// expect: cause=exited exit=0
#include <fcntl.h>

int main(void) {
  for (int fd = 3; fd < 1024; ++fd)
    if (fcntl(fd, F_GETFD) >= 0) return 1;
  return 0;
}
