// brk, page by page.
// limits: memory_mb=32
// needs: memory-cgroup
// expect: cause=memory signal=9
#include <unistd.h>

int main(void) {
  for (;;) {
    char* page = sbrk(4096);
    if (page == (char*)-1) return 1;
    *page = 1;
  }
}
