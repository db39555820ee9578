// What the run before left unread in a pipe is not there for the next to read.
// first: cause=exited exit=0
// expect: cause=exited exit=0 stdout_bytes=0
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int main(int count, char** arguments) {
  char text[64];
  if (strcmp(arguments[1], "first") == 0) return write(1, "secret", 6) == 6 ? 0 : 1;
  const int pipe = open("/proc/self/fd/1", O_RDONLY | O_NONBLOCK);
  return pipe >= 0 && read(pipe, text, sizeof text) > 0 ? 2 : 0;
}
