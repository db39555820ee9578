// first: cause=exited exit=0
// expect: cause=exited exit=0
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

int main(int count, char** arguments) {
  if (strcmp(arguments[1], "first") == 0) return shm_open("/left", O_RDWR | O_CREAT, 0666) >= 0 ? 0 : 1;
  return shm_open("/left", O_RDWR, 0) < 0 ? 0 : 2;
}
