// Says on a local socket that it is root, or process 1.
// expect: cause=exited exit=0
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void) {
  int ends[2];
  char space[CMSG_SPACE(sizeof(struct ucred))] = {0};
  struct iovec part = {"x", 1};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space};
  struct cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_CREDENTIALS;
  header->cmsg_len = CMSG_LEN(sizeof(struct ucred));
  if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) != 0) return 1;
  const struct ucred forged[] = {{getpid(), 0, getgid()}, {1, getuid(), getgid()}, {getpid(), getuid(), 0}};
  for (int i = 0; i < 3; ++i) {
    memcpy(CMSG_DATA(header), &forged[i], sizeof forged[i]);
    if (sendmsg(ends[0], &message, 0) >= 0) return i + 2;
  }
  return 0;
}
