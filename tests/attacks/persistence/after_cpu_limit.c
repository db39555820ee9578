// CPU time of the run before is not counted again.
// limits: cpu_ms=300 wall_ms=20000
// first: cause=cpu_time signal=9
// expect: cause=exited exit=0
#include <string.h>
#include <time.h>

int main(int count, char** arguments) {
  while (strcmp(arguments[1], "first") == 0 || clock() < CLOCKS_PER_SEC / 10) continue;
  return 0;
}
