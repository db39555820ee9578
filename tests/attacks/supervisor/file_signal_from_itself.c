// expect: cause=signalled signal=25
#include <signal.h>

int main(void) {
  raise(SIGXFSZ);
  return 1;
}
