// Twenty writers share a limit.
// limits: output_kb=64 wall_ms=5000
// expect: cause=output signal=9 stdout_bytes=65536 stdout_cut=1
#include <unistd.h>

static char block[100];

int main(void) {
  for (int i = 0; i < 20; ++i)
    if (fork() == 0)
      for (;;) write(1, block, sizeof block);
  for (;;) pause();
}
