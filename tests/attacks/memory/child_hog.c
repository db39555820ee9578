// The memory is a child's, and its parent carries on as if nothing had been.
// limits: memory_mb=32 wall_ms=10000
// needs: memory-cgroup
// expect: cause=memory
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
  while (fork() == 0) {
    char* block = malloc(64 << 20);
    memset(block, 1, 64 << 20);
  }
  wait(0);
  return 0;
}
