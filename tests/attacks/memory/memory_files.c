// Files that stand in no folder.
// limits: memory_mb=32 file_kb=262144
// needs: memory-cgroup
// expect: cause=memory signal=9
#define _GNU_SOURCE
#include <sys/mman.h>
#include <unistd.h>

static char block[1 << 16];

int main(void) {
  for (int i = 0; i < 100; ++i) {
    const int file = memfd_create("hog", 0);
    for (int part = 0; part < 32; ++part)
      if (write(file, block, sizeof block) < 0) return 1;
  }
  return 2;
}
