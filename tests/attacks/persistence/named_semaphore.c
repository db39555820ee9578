// first: cause=exited exit=0
// expect: cause=exited exit=0
#include <fcntl.h>
#include <semaphore.h>
#include <string.h>

int main(int count, char** arguments) {
  if (strcmp(arguments[1], "first") == 0) return sem_open("/left", O_CREAT, 0666, 1) != SEM_FAILED ? 0 : 1;
  return sem_open("/left", 0) == SEM_FAILED ? 0 : 2;
}
