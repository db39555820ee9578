// SCTP, MPTCP, UDP-lite: modules that the kernel would load for whoever asks.
// expect: cause=exited exit=0
#include <errno.h>
#include <sys/socket.h>

int main(void) {
  const int protocols[] = {132, 262, 136, 33, 256};
  for (int i = 0; i < 5; ++i)
    if (socket(AF_INET, SOCK_STREAM, protocols[i]) >= 0 || errno != EAFNOSUPPORT) return i + 1;
  return 0;
}
