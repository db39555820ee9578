// SIGKILL from itself is not a limit's.
// expect: cause=signalled signal=9
#include <signal.h>

int main(void) {
  raise(SIGKILL);
  return 1;
}
