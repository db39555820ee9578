// Pairs as well.
// expect: cause=exited exit=0
#include <errno.h>
#include <sys/socket.h>

int main(void) {
  int ends[2];
  for (int family = 0; family < 46; ++family)
    if (family != AF_UNIX && (socketpair(family, SOCK_STREAM, 0, ends) == 0 || errno != EAFNOSUPPORT)) return family + 1;
  return 0;
}
