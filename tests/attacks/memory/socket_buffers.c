// So is what waits in sockets.
// limits: memory_mb=16
// needs: memory-cgroup
// expect: cause=memory signal=9
#define _GNU_SOURCE
#include <sys/socket.h>
#include <unistd.h>

static char block[1 << 16];

int main(void) {
  for (int children = 0; children < 20; ++children) {
    if (fork() > 0) continue;
    int ends[2];
    while (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0)
      while (write(ends[1], block, sizeof block) > 0) continue;
    for (;;) pause();
  }
  for (;;) pause();
}
