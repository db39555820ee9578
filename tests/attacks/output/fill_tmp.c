// Many files fill the file system; it says so, and the next run has all of it again.
// limits: file_kb=1024
// expect: cause=exited exit=0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static char block[1 << 16];

int main(void) {
  for (int number = 0; number < 100; ++number) {
    char name[32];
    snprintf(name, sizeof name, "/tmp/f%d", number);
    const int file = open(name, O_WRONLY | O_CREAT, 0600);
    if (file < 0 || write(file, block, sizeof block) < 0) return errno == ENOSPC && number == 16 ? 0 : 1;
    close(file);
  }
  return 2;
}
