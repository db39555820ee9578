// The same of the other two, and the size of their pipes.
// first: cause=exited exit=0
// expect: cause=exited exit=0
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int main(int count, char** arguments) {
  for (int fd = 1; fd < 3; ++fd) {
    if (strcmp(arguments[1], "first") == 0) {
      fcntl(fd, F_SETFL, O_NONBLOCK | O_APPEND);
      fcntl(fd, F_SETPIPE_SZ, 4096);
    } else {
      if (fcntl(fd, F_GETFL) & (O_NONBLOCK | O_APPEND)) return fd;
      if (fcntl(fd, F_GETPIPE_SZ) == 4096) return fd + 2;
    }
  }
  return 0;
}
