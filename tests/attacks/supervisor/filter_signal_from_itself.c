// Nor SIGSYS a filter's: no forbidden call was made.
// expect: cause=signalled signal=31
#include <signal.h>

int main(void) {
  raise(SIGSYS);
  return 1;
}
