// first: cause=exited exit=0
// expect: cause=exited exit=0
#include <string.h>
#include <sys/shm.h>

int main(int count, char** arguments) {
  struct shm_info info;
  if (strcmp(arguments[1], "first") == 0) return shmget(4711, 4096, IPC_CREAT | 0666) >= 0 ? 0 : 1;
  if (shmget(4711, 4096, 0) >= 0) return 2;
  return shmctl(0, SHM_INFO, (struct shmid_ds*)&info) >= 0 && info.used_ids == 0 ? 0 : 3;
}
