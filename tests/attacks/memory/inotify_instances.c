// Watches are memory of the kernel's; a user has only so many.
// expect: cause=exited exit=0
#include <sys/inotify.h>

int main(void) {
  for (int i = 0; i < 1100; ++i)
    if (inotify_init() < 0) return 0;
  return 1;
}
