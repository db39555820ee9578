// Huge pages come from a pool of the whole host that no limit of the box counts.
// expect: cause=exited exit=0
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/shm.h>

int main(void) {
  char* page = mmap(0, 2 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
  if (page != MAP_FAILED) return 1;
  if (shmget(IPC_PRIVATE, 2 << 20, IPC_CREAT | SHM_HUGETLB | 0600) >= 0) return 2;
  return 0;
}
