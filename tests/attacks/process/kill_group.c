// The group that it is in is its own: a parent outside does not get what is sent to it.
// expect: cause=signalled signal=10
#include <signal.h>
#include <unistd.h>

int main(void) {
  if (getpgrp() != getpid()) return 1;
  kill(0, SIGUSR1);
  return 2;
}
