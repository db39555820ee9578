// Signals that wait to be taken are memory of the kernel's: there is an end to them.
// expect: cause=exited exit=0
#include <errno.h>
#include <signal.h>
#include <unistd.h>

int main(void) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, 0);
  const union sigval value = {0};
  for (int i = 0; i < 2000000; ++i)
    if (sigqueue(getpid(), SIGRTMIN + 1, value) != 0) return errno == EAGAIN ? 0 : 1;
  return 2;
}
