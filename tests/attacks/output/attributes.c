// Extended attributes take room without being files.
// limits: file_kb=1024
// expect: cause=exited exit=0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/xattr.h>

static char value[60000];

int main(void) {
  const int file = open("/tmp/file", O_WRONLY | O_CREAT, 0600);
  for (int i = 0; i < 10000; ++i) {
    char name[32];
    snprintf(name, sizeof name, "user.a%d", i);
    if (fsetxattr(file, name, value, sizeof value, 0) != 0) return errno == ENOSPC || errno == EOPNOTSUPP ? 0 : 1;
  }
  return 2;
}
