// What waits in pipes is memory of the kernel's.
// limits: memory_mb=16
// needs: memory-cgroup
// expect: cause=memory signal=9
#define _GNU_SOURCE
#include <fcntl.h>
#include <unistd.h>

static char block[1 << 16];

int main(void) {
  for (int children = 0; children < 20; ++children) {
    if (fork() > 0) continue;
    int ends[2];
    while (pipe2(ends, O_NONBLOCK) == 0) {
      fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
      while (write(ends[1], block, sizeof block) > 0) continue;
    }
    for (;;) pause();
  }
  for (;;) pause();
}
