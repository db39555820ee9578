// A run that ended for want of memory leaves the next one all of its own.
// limits: memory_mb=48
// needs: memory-cgroup
// first: cause=memory signal=9
// expect: cause=exited exit=0
#include <stdlib.h>
#include <string.h>

int main(int count, char** arguments) {
  for (int part = 0; part < 40 || strcmp(arguments[1], "first") == 0; ++part) memset(malloc(1 << 20), 1, 1 << 20);
  return 0;
}
