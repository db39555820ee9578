// Names of one file take places as files do.
// limits: wall_ms=20000
// expect: cause=exited exit=0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void) {
  close(open("/tmp/one", O_WRONLY | O_CREAT, 0600));
  for (int number = 0; number < 100000; ++number) {
    char name[16];
    snprintf(name, sizeof name, "/tmp/%d", number);
    if (link("/tmp/one", name) != 0) return (errno == ENOSPC || errno == EMLINK) && number < 16384 ? 0 : 1;
  }
  return 2;
}
