// Whom a pipe signals is an open file's own: each change alone has to cost the pipe its next run.
// first: cause=exited exit=0
// expect: cause=exited exit=0
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int main(int count, char** arguments) {
  if (strcmp(arguments[1], "first") == 0) {
    if (fcntl(0, F_SETOWN, getpid()) != 0 || fcntl(1, F_SETSIG, 10) != 0) return 1;
    return fcntl(2, F_SETOWN, getpid()) == 0 ? 0 : 2;
  }
  if (fcntl(0, F_GETOWN) != 0) return 3;
  return fcntl(2, F_GETOWN) == 0 ? 0 : 4;
}
