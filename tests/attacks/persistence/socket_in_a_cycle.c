// A listener that is kept alive by nothing but its own message queue: it waits for the kernel's collector.
// marks: self-test
// first: cause=exited exit=0
// expect: cause=exited exit=0
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int send_descriptors(int to, const int* sent, int size) {
  char space[CMSG_SPACE(3 * sizeof(int))] = {0};
  struct iovec part = {"x", 1};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = space, .msg_controllen = CMSG_SPACE(size)};
  struct cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(size);
  memcpy(CMSG_DATA(header), sent, size);
  return sendmsg(to, &message, 0) >= 0;
}

int main(int count, char** arguments) {
  struct sockaddr_un address = {AF_UNIX, "\0left"};
  int ends[2];
  const int listener = socket(AF_UNIX, SOCK_STREAM, 0);
  if (strcmp(arguments[1], "second") == 0) {
    if (connect(listener, (struct sockaddr*)&address, sizeof address) == 0) return 3;
    return bind(listener, (struct sockaddr*)&address, sizeof address) == 0 ? 0 : 4;
  }
  if (bind(listener, (struct sockaddr*)&address, sizeof address) != 0 || listen(listener, 5) != 0) return 1;
  if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) != 0) return 1;
  const int sent[3] = {listener, ends[0], ends[1]};
  return send_descriptors(ends[0], sent, sizeof sent) && send_descriptors(ends[1], sent, sizeof sent) ? 0 : 2;
}
