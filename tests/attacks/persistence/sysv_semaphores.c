// first: cause=exited exit=0
// expect: cause=exited exit=0
#define _GNU_SOURCE
#include <string.h>
#include <sys/sem.h>

int main(int count, char** arguments) {
  struct seminfo info;
  if (strcmp(arguments[1], "first") == 0) return semget(4711, 4, IPC_CREAT | 0666) >= 0 ? 0 : 1;
  if (semget(4711, 4, 0) >= 0) return 2;
  return semctl(0, 0, SEM_INFO, &info) >= 0 && info.semusz == 0 ? 0 : 3;
}
