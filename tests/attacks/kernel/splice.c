// Moving pages between pipes, files and sockets: not for programs, which copy where they cannot.
// expect: cause=exited exit=0
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

int main(void) {
  int first[2], second[2];
  char text[] = "text";
  struct iovec part = {text, sizeof text};
  if (pipe(first) != 0 || pipe(second) != 0 || write(first[1], text, sizeof text) < 0) return 1;
  if (splice(first[0], 0, second[1], 0, 4, 0) != -1 || errno != EINVAL) return 2;
  if (tee(first[0], second[1], 4, 0) != -1 || errno != EINVAL) return 3;
  return vmsplice(second[1], &part, 1, 0) == -1 && errno == EINVAL ? 0 : 4;
}
