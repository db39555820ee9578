// Links that double at each step: the kernel follows forty.
// expect: cause=exited exit=0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void) {
  for (int i = 0; i < 50; ++i) {
    char name[16], target[48];
    snprintf(name, sizeof name, "l%d", i);
    snprintf(target, sizeof target, "l%d/../l%d", i + 1, i + 1);
    if (symlink(target, name) != 0) return 1;
  }
  return open("l0", O_RDONLY) < 0 && (errno == ELOOP || errno == ENOENT) ? 0 : 2;
}
