// One page of zeros, mapped a million times: only the tables grow.
// limits: memory_mb=16
// needs: memory-cgroup
// expect: cause=memory signal=9
#include <sys/mman.h>

int main(void) {
  const long size = 1L << 40;
  char* pages = mmap(0, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (pages == MAP_FAILED) return 1;
  madvise(pages, size, MADV_NOHUGEPAGE);
  for (long at = 0; at < size; at += 2 << 20) *(volatile char*)(pages + at);
  return 2;
}
