// expect: cause=exited exit=0
#include <errno.h>
#include <fcntl.h>

int main(void) {
  const char* const places[] = {"/x", "/usr/x", "/usr/bin/x", "/etc/x", "/dev/x", "/proc/x"};
  for (unsigned i = 0; i < sizeof places / sizeof places[0]; ++i) {
    if (open(places[i], O_WRONLY | O_CREAT, 0600) >= 0) return (int)i + 1;
    if (errno != EROFS && errno != EACCES && errno != ENOENT) return (int)i + 101;
  }
  return 0;
}
