// Deaf to all that a polite supervisor says.
// limits: cpu_ms=300 wall_ms=20000
// expect: cause=cpu_time signal=9
#include <signal.h>

int main(void) {
  for (int number = 1; number < 65; ++number) signal(number, SIG_IGN);
  for (volatile unsigned i = 0;; ++i) continue;
}
