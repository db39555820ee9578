// Folders within folders until none is left; whoever clears up must not climb.
// limits: wall_ms=20000
// expect: cause=exited exit=0
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
  for (int depth = 0; depth < 100000; ++depth)
    if (mkdir("d", 0700) != 0 || chdir("d") != 0) return errno == ENOSPC && depth < 16384 ? 0 : 1;
  return 2;
}
