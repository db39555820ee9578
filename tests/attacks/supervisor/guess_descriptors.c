// Whatever number it tries, there is nothing behind it but the three standard streams.
// marks: self-test
// expect: cause=exited exit=0 stdout_bytes=0 stderr_bytes=0
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void) {
  char block[64] = {0};
  for (int fd = 3; fd < 4096; ++fd) {
    if (fcntl(fd, F_GETFD) >= 0) return 1;
    if (write(fd, block, sizeof block) >= 0) return 2;
    if (sendto(fd, block, sizeof block, MSG_DONTWAIT, 0, 0) >= 0) return 3;
  }
  return 0;
}
