// Timers that fire all the time do not move the clocks that count.
// limits: wall_ms=300
// expect: cause=wall_time signal=9
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

static void ignore(int number) {
  (void)number;
}

int main(void) {
  const struct itimerval often = {{0, 1000}, {0, 1000}};
  signal(SIGALRM, ignore);
  setitimer(ITIMER_REAL, &often, 0);
  for (;;) pause();
}
