// Nor is SIGXCPU.
// expect: cause=signalled signal=24
#include <signal.h>

int main(void) {
  raise(SIGXCPU);
  return 1;
}
