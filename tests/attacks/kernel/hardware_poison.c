// Poisoned pages are taken from the whole host.
// expect: cause=exited exit=0
#include <errno.h>
#include <sys/mman.h>

int main(void) {
  void* page = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  *(volatile char*)page = 1;
  return madvise(page, 4096, 100) == -1 && (errno == EPERM || errno == EINVAL) ? 0 : 1;
}
