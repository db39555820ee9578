// System time is CPU time.
// limits: cpu_ms=300 wall_ms=20000
// expect: cause=cpu_time signal=9
#include <fcntl.h>
#include <unistd.h>

static char block[1 << 16];

int main(void) {
  const int random = open("/dev/urandom", O_RDONLY);
  while (read(random, block, sizeof block) > 0) continue;
  return 1;
}
