// Masks and ignored signals are those of a fresh program.
// first: cause=exited exit=0
// expect: cause=exited exit=0
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

int main(int count, char** arguments) {
  sigset_t mask;
  if (strcmp(arguments[1], "first") == 0) {
    sigfillset(&mask);
    sigprocmask(SIG_SETMASK, &mask, 0);
    for (int number = 1; number < 65; ++number) signal(number, SIG_IGN);
    umask(0777);
    return 0;
  }
  sigprocmask(SIG_SETMASK, 0, &mask);
  for (int number = 1; number < 65; ++number) {
    struct sigaction action;
    if (sigaction(number, 0, &action) != 0) continue;
    if (sigismember(&mask, number) || action.sa_handler != SIG_DFL) return number;
  }
  return umask(0) == 022 ? 0 : 70;
}
