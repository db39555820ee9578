// Compiled socket filters come from a pool of the whole host.
// expect: cause=exited exit=0
#include <errno.h>
#include <linux/filter.h>
#include <sys/socket.h>

int main(void) {
  struct sock_filter accept_all = {BPF_RET | BPF_K, 0, 0, 0xffff};
  struct sock_fprog program = {1, &accept_all};
  const int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
  if (fd < 0) return 1;
  if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0) return 2;
  return errno == ENOSYS ? 0 : 3;
}
