// Segments outlive their makers, and count all the same.
// limits: memory_mb=32
// needs: memory-cgroup
// expect: cause=memory signal=9
#include <string.h>
#include <sys/shm.h>

int main(void) {
  for (int i = 0; i < 64; ++i) {
    const int segment = shmget(IPC_PRIVATE, 4 << 20, IPC_CREAT | 0600);
    char* bytes = shmat(segment, 0, 0);
    if (bytes == (char*)-1) return 1;
    memset(bytes, 1, 4 << 20);
    shmdt(bytes);
  }
  return 2;
}
