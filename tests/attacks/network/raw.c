// Packets as they are on the wire.
// expect: cause=exited exit=0
#include <errno.h>
#include <sys/socket.h>

int main(void) {
  if (socket(AF_INET, SOCK_RAW, 1) >= 0 || errno != EAFNOSUPPORT) return 1;
  if (socket(AF_INET6, SOCK_RAW, 58) >= 0 || errno != EAFNOSUPPORT) return 2;
  if (socket(AF_PACKET, SOCK_RAW, 0x0300) >= 0 || errno != EAFNOSUPPORT) return 3;
  return socket(AF_INET, SOCK_DGRAM, 1) >= 0 || errno != EAFNOSUPPORT ? 4 : 0;
}
