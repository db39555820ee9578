// The last signal of all.
// expect: cause=signalled signal=64
#include <signal.h>

int main(void) {
  raise(64);
  return 1;
}
