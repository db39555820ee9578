// Both streams end early; the program does not, and its exit code is awaited.
// expect: cause=exited exit=5 stdout_bytes=2
#include <unistd.h>

int main(void) {
  write(1, "hi", 2);
  for (int fd = 0; fd < 3; ++fd) close(fd);
  usleep(200000);
  return 5;
}
