// limits: wall_ms=300
// expect: cause=wall_time signal=9
#include <signal.h>

int main(void) {
  raise(SIGSTOP);
  return 0;
}
