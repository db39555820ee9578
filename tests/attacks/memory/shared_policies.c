// A memory policy for each page of a file: kernel memory that stays with the file, and is charged to nobody.
// expect: cause=exited exit=0
#define _GNU_SOURCE
#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  const int file = memfd_create("x", 0);
  unsigned long nodes = 1;
  ftruncate(file, 1 << 20);
  void* page = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  return syscall(SYS_mbind, page, 4096, 2, &nodes, 64, 0) < 0 && errno == ENOSYS ? 0 : 1;
}
