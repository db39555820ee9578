// Every protocol of the kernel's own socket family: routes, audit, connector, crypto and all.
// expect: cause=exited exit=0
#include <errno.h>
#include <sys/socket.h>

int main(void) {
  for (int protocol = 0; protocol < 32; ++protocol)
    if (socket(AF_NETLINK, SOCK_RAW, protocol) >= 0 || errno != EAFNOSUPPORT) return protocol + 1;
  return 0;
}
