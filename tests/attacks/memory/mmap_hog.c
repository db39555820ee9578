// Anonymous pages, shared with a child that touches them.
// limits: memory_mb=32
// needs: memory-cgroup
// expect: cause=memory signal=9
#include <string.h>
#include <sys/mman.h>

int main(void) {
  char* pages = mmap(0, 256 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) return 1;
  memset(pages, 1, 256 << 20);
  return 2;
}
