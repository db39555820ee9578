// Folders within folders until none is left. Landlock climbs from each to the root, at the cost of the program's own time;
// whoever clears up must not climb.
// limits: cpu_ms=300 wall_ms=20000
// needs: landlock
// expect: cause=cpu_time signal=9
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
  for (int depth = 0; depth < 100000; ++depth)
    if (mkdir("d", 0700) != 0 || chdir("d") != 0) return errno == ENOSPC && depth < 16384 ? 0 : 1;
  return 2;
}
