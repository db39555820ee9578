// Capabilities cannot be put on a file.
// expect: cause=exited exit=0
#include <fcntl.h>
#include <sys/xattr.h>

int main(void) {
  const char value[20] = {0, 0, 0, 2, -1, -1, -1, -1};
  const int file = open("/tmp/file", O_WRONLY | O_CREAT, 0700);
  return fsetxattr(file, "security.capability", value, 20, 0) != 0 ? 0 : 1;
}
