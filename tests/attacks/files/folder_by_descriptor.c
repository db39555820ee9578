// A folder moved away from under a descriptor leads nowhere but to the box.
// expect: cause=exited exit=0
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
  mkdir("/tmp/a", 0700);
  mkdir("/tmp/a/b", 0700);
  const int inside = open("/tmp/a/b", O_RDONLY | O_DIRECTORY);
  if (rename("/tmp/a/b", "/tmp/b") != 0 || rmdir("/tmp/a") != 0 || rmdir("/tmp/b") != 0) return 1;
  if (openat(inside, "../../../root", O_RDONLY) >= 0) return 2;
  return faccessat(inside, "../../../home", F_OK, 0) == 0 ? 3 : 0;
}
