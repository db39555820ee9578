// The way from a virtual machine to its host.
// expect: cause=exited exit=0
#include <errno.h>
#include <sys/socket.h>

int main(void) {
  if (socket(AF_VSOCK, SOCK_STREAM, 0) >= 0 || errno != EAFNOSUPPORT) return 1;
  return socket(AF_VSOCK, SOCK_DGRAM, 0) >= 0 || errno != EAFNOSUPPORT ? 2 : 0;
}
