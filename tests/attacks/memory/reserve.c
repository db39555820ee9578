// Address space costs nothing: much of it may be taken, none of it is memory.
// limits: memory_mb=32
// needs: memory-cgroup
// expect: cause=exited exit=0
#include <sys/mman.h>

int main(void) {
  for (int i = 0; i < 16; ++i) {
    void* pages = mmap(0, 1L << 40, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (pages == MAP_FAILED) return 1;
  }
  return 0;
}
