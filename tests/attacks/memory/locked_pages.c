// Pages that cannot be taken away again: a few may be locked, not all.
// limits: memory_mb=64
// needs: memory-cgroup
// expect: cause=exited exit=0
#include <errno.h>
#include <sys/mman.h>

int main(void) {
  const int size = 48 << 20;
  void* pages = mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) return 1;
  if (mlock(pages, size) == 0) return 2;
  return errno == ENOMEM || errno == EPERM ? 0 : 3;
}
