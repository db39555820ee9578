// Files count as memory.
// limits: memory_mb=32 file_kb=65536 wall_ms=10000
// needs: memory-cgroup
// expect: cause=memory signal=9
#include <fcntl.h>
#include <unistd.h>

static char block[1 << 20];

int main(void) {
  const int file = open("/tmp/hog", O_WRONLY | O_CREAT, 0600);
  while (write(file, block, sizeof block) > 0) continue;
  return 1;
}
