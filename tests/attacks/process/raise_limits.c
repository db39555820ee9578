// Limits can be lowered and not raised.
// expect: cause=exited exit=0
#include <sys/resource.h>

int main(void) {
  const int kinds[] = {RLIMIT_CORE, RLIMIT_FSIZE, RLIMIT_NOFILE, RLIMIT_STACK, RLIMIT_CPU};
  const struct rlimit none = {RLIM_INFINITY, RLIM_INFINITY};
  for (int i = 0; i < 5; ++i) {
    struct rlimit now;
    if (getrlimit(kinds[i], &now) != 0 || now.rlim_max == RLIM_INFINITY) return i + 1;
    if (setrlimit(kinds[i], &none) == 0) return i + 11;
    now.rlim_max += 1;
    if (setrlimit(kinds[i], &now) == 0) return i + 21;
  }
  return 0;
}
