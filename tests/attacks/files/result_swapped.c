// Two bad results take turns under the name for as long as they can: neither comes out.
// outputs: result
// expect: cause=exited exit=0 refused=result
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
  if (symlink("/etc/passwd", "result") != 0 || mkfifo("other", 0600) != 0) return 1;
  for (int i = 0; i < 4; ++i)
    if (fork() == 0) {
      setsid();
      for (;;) renameat2(AT_FDCWD, "result", AT_FDCWD, "other", RENAME_EXCHANGE);
    }
  usleep(20000);
  return 0;
}
