// So are timers.
// expect: cause=exited exit=0
#include <errno.h>
#include <signal.h>
#include <time.h>

int main(void) {
  for (int i = 0; i < 2000000; ++i) {
    timer_t timer;
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0) return errno == EAGAIN ? 0 : 1;
  }
  return 2;
}
