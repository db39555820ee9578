// What the three are: not ours to rewind, to map, or to climb out of.
// expect: cause=exited exit=0
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
  for (int fd = 0; fd < 3; ++fd) {
    struct stat status;
    if (fstat(fd, &status) != 0 || S_ISDIR(status.st_mode) || S_ISBLK(status.st_mode) || S_ISSOCK(status.st_mode)) return 1;
    if (openat(fd, "..", O_RDONLY) >= 0) return 2;
    if (fd > 0 && !S_ISFIFO(status.st_mode)) return 3;
    if (fd > 0 && lseek(fd, 0, SEEK_SET) >= 0) return 4;
  }
  return 0;
}
