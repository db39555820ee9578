// limits: wall_ms=20000
// expect: cause=exited exit=0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void) {
  for (int number = 0; number < 100000; ++number) {
    char name[16];
    snprintf(name, sizeof name, "f%d", number);
    const int file = open(name, O_WRONLY | O_CREAT, 0600);
    if (file < 0) return errno == ENOSPC && number < 16384 ? 0 : 1;
    close(file);
  }
  return 2;
}
