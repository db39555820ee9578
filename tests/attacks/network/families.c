// Of all families only local sockets are given, of whatever type.
// marks: self-test
// expect: cause=exited exit=0
#include <errno.h>
#include <sys/socket.h>

int main(void) {
  for (int family = 0; family < 64; ++family)
    for (int type = 1; type < 11; ++type) {
      const int fd = socket(family, type, 0);
      if (family == AF_UNIX) continue;
      if (fd >= 0) return family + 1;
      if (errno != EAFNOSUPPORT) return family + 101;
    }
  return 0;
}
