// A user has only so many instances: those of the run before are given back.
// first: cause=exited exit=0
// expect: cause=exited exit=0
#include <sys/inotify.h>
#include <unistd.h>

int main(void) {
  for (int i = 0; i < 100; ++i)
    if (inotify_init() < 0) return 1;
  if (fork() > 0) return 0;
  for (;;) pause();
}
