// A watch on a folder that all boxes share would tell what others, and the host, open there.
// expect: cause=exited exit=0
#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

int main(void) {
  const int watch = inotify_init1(IN_NONBLOCK);
  if (watch < 0 || inotify_add_watch(watch, "/usr/bin", IN_OPEN | IN_ACCESS) < 0) return 0;
  close(open("/usr/bin/env", O_RDONLY));
  struct pollfd events = {watch, POLLIN, 0};
  return poll(&events, 1, 100) > 0 ? 1 : 0;
}
