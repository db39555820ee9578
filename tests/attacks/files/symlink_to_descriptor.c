// Nor one of /proc's, which lead to what is open rather than to a name.
// outputs: result
// expect: cause=exited exit=0 refused=result
#include <unistd.h>

int main(void) {
  return symlink("/proc/self/fd/4", "result");
}
