// Descriptors that are sent and never fetched: only so many may be under way.
// limits: memory_mb=128
// expect: cause=exited exit=0
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

int main(void) {
  int ends[2], sent[200];
  char space[CMSG_SPACE(sizeof sent)] = {0};
  struct iovec part = {"x", 1};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space};
  struct cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof sent);
  memset(CMSG_DATA(header), 0, sizeof sent);
  for (int pair = 0; pair < 400; ++pair) {
    if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, ends) != 0) return 1;
    while (sendmsg(ends[0], &message, 0) >= 0) continue;
    if (errno == ETOOMANYREFS) return 0;
  }
  return 2;
}
