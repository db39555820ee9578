// Opens the other end of its stdout and takes back what it said: only itself is robbed.
// limits: wall_ms=5000
// expect: cause=exited exit=0
#include <fcntl.h>
#include <unistd.h>

int main(void) {
  char text[8];
  const int other_end = open("/proc/self/fd/1", O_RDONLY | O_NONBLOCK);
  for (int i = 0; i < 100; ++i) {
    write(1, "x", 1);
    if (other_end >= 0) read(other_end, text, sizeof text);
  }
  return 0;
}
