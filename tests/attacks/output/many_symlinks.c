// So do symbolic links, long ones too.
// limits: wall_ms=20000
// expect: cause=exited exit=0
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(void) {
  char target[4000];
  memset(target, 'x', sizeof target - 1);
  target[sizeof target - 1] = 0;
  for (int number = 0; number < 100000; ++number) {
    char name[16];
    snprintf(name, sizeof name, "/tmp/%d", number);
    if (symlink(target, name) != 0) return errno == ENOSPC && number < 16384 ? 0 : 1;
  }
  return 2;
}
