// Neither bytes nor rights nor times of a file that all boxes share can be changed.
// marks: self-test
// expect: cause=exited exit=0
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

int main(void) {
  const char* paths[] = {"/usr/bin/env", "/etc/passwd", "/usr", "/", "/dev", "/etc/ld.so.cache"};
  for (int i = 0; i < 6; ++i) {
    if (open(paths[i], O_WRONLY) >= 0) return 1;
    if (chmod(paths[i], 0777) == 0) return 2;
    if (utimensat(AT_FDCWD, paths[i], 0, 0) == 0) return 3;
    if (rename(paths[i], "/tmp/x") == 0 || unlink(paths[i]) == 0) return 4;
    if (setxattr(paths[i], "user.x", "x", 1, 0) == 0) return 5;
    if (truncate(paths[i], 0) == 0) return 6;
  }
  return link("/usr/bin/env", "/usr/bin/env2") == 0 ? 7 : 0;
}
