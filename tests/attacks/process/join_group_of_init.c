// Neither init's group nor its session can be joined.
// expect: cause=exited exit=0
#include <unistd.h>

int main(void) {
  if (setpgid(0, 1) == 0) return 1;
  if (setpgid(1, 0) == 0) return 2;
  return getsid(0) == getpid() ? 0 : 3;
}
