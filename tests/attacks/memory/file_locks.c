// Kernel memory that no cgroup is charged for: file locks are refused.
// expect: cause=exited exit=0
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

int main(void) {
  const int commands[] = {F_GETLK, F_SETLK, F_SETLKW, F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW};
  const int file = open("/tmp/locked", O_RDWR | O_CREAT, 0600);
  struct flock lock = {.l_type = F_WRLCK, .l_len = 1};
  if (file < 0) return 1;
  for (int i = 0; i < 6; ++i) {
    if (fcntl(file, commands[i], &lock) == 0 || errno != ENOLCK) return i + 2;
  }
  return 0;
}
