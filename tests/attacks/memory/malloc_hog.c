// marks: self-test
// limits: memory_mb=32 wall_ms=10000
// needs: memory-cgroup
// expect: cause=memory signal=9
#include <stdlib.h>
#include <string.h>

int main(void) {
  for (;;) {
    char* block = malloc(1 << 20);
    if (block == 0) return 1;
    memset(block, 1, 1 << 20);
  }
}
