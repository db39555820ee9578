// A pipe that nobody has written to can still have another size.
// first: cause=exited exit=0
// expect: cause=exited exit=0
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>

int main(int count, char** arguments) {
  if (strcmp(arguments[1], "first") == 0) return fcntl(2, F_SETPIPE_SZ, 4096) == 4096 ? 0 : 1;
  return fcntl(2, F_GETPIPE_SZ) == 4096 ? 2 : 0;
}
