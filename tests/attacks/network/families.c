// Of all families only local sockets are given.
// expect: cause=exited exit=0
#include <errno.h>
#include <sys/socket.h>

int main(void) {
  for (int family = 0; family < 46; ++family) {
    const int fd = socket(family, SOCK_STREAM, 0);
    if ((fd >= 0) != (family == AF_UNIX)) return family + 1;
    if (fd < 0 && errno != EAFNOSUPPORT) return family + 101;
  }
  return 0;
}
