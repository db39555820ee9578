// Memory files that only a cycle of sockets holds: the next run has all of its memory.
// limits: memory_mb=48 file_kb=65536
// needs: memory-cgroup
// first: cause=exited exit=0
// expect: cause=exited exit=0
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
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
  const int size = 30 << 20;
  char* block = malloc(size);
  memset(block, 1, size);
  if (strcmp(arguments[1], "second") == 0) return ((volatile char*)block)[size - 1] == 1 ? 0 : 5;
  int ends[2];
  const int file = memfd_create("left", 0);
  if (ftruncate(file, size) != 0) return 1;
  free(block);
  char* bytes = mmap(0, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  memset(bytes, 1, size);
  if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) != 0) return 2;
  const int sent[3] = {file, ends[0], ends[1]};
  return send_descriptors(ends[0], sent, sizeof sent) && send_descriptors(ends[1], sent, sizeof sent) ? 0 : 3;
}
