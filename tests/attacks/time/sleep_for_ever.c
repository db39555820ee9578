// marks: self-test
// limits: wall_ms=200
// expect: cause=wall_time signal=9
#include <signal.h>
#include <unistd.h>

int main(void) {
  for (int number = 1; number < 65; ++number) signal(number, SIG_IGN);
  for (;;) pause();
}
