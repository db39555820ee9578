// The payload leads a session of its own and has no terminal.
// expect: cause=exited exit=0
#include <fcntl.h>
#include <unistd.h>

int main(void) {
  if (getsid(0) != getpid()) return 1;
  return open("/dev/tty", O_RDWR) < 0 ? 0 : 2;
}
