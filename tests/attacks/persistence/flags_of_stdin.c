// The description behind stdin is shared where it is opened once: flags, owner and signal stand in it.
// first: cause=exited exit=0
// expect: cause=exited exit=0
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int main(int count, char** arguments) {
  if (strcmp(arguments[1], "first") == 0) {
    fcntl(0, F_SETFL, O_NONBLOCK | O_APPEND);
    fcntl(0, F_SETOWN, getpid());
    fcntl(0, F_SETSIG, 40);
    return 0;
  }
  if (fcntl(0, F_GETFL) & (O_NONBLOCK | O_APPEND)) return 1;
  return fcntl(0, F_GETOWN) == 0 ? 0 : 2;
}
