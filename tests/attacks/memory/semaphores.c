// Sets of semaphores, as large as they may be.
// limits: memory_mb=16
// needs: memory-cgroup
// expect: cause=memory signal=9
#include <sys/ipc.h>
#include <sys/sem.h>

int main(void) {
  for (int i = 0; i < 30000; ++i)
    if (semget(IPC_PRIVATE, 32000, IPC_CREAT | 0600) < 0) return 1;
  return 2;
}
