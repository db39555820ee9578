// Files cannot be given to root.
// expect: cause=exited exit=0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
  const int file = open("/tmp/file", O_WRONLY | O_CREAT, 0700);
  if (fchown(file, 0, -1) == 0) return 1;
  if (fchown(file, -1, 0) == 0) return 2;
  return 0;
}
