// A pipe belongs to the box's user, who may change its mode and its times.
// first: cause=exited exit=0
// expect: cause=exited exit=0
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int count, char** arguments) {
  struct stat status;
  const struct timespec times[2] = {{11111, 0}, {22222, 0}};
  if (strcmp(arguments[1], "first") == 0) {
    if (fchmod(1, 0642) != 0) return 1;
    return futimens(2, times) == 0 ? 0 : 2;
  }
  if (fstat(1, &status) != 0 || (status.st_mode & 07777) == 0642) return 3;
  if (fstat(2, &status) != 0 || status.st_atime == 11111 || status.st_mtime == 22222) return 4;
  return 0;
}
