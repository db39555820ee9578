// A gigabyte of zeros in one call, without a page of its own.
// limits: output_kb=64 memory_mb=32
// needs: memory-cgroup
// expect: cause=output signal=9 stdout_bytes=65536 stdout_cut=1
#include <sys/mman.h>
#include <unistd.h>

int main(void) {
  void* zeros = mmap(0, 1 << 30, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (zeros == MAP_FAILED) return 1;
  for (;;) write(1, zeros, 1 << 30);
}
