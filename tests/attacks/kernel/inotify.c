// A watch on what all boxes share would tell what others open.
// expect: cause=exited exit=0
#include <errno.h>
#include <sys/inotify.h>

int main(void) {
  return inotify_init() < 0 && errno == ENOSYS ? 0 : 1;
}
