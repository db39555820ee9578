// Whatever the run before watched, the next makes no event of.
// first: cause=exited exit=0
// expect: cause=exited exit=0
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

int main(int count, char** arguments) {
  const int watch = inotify_init();
  inotify_add_watch(watch, "/tmp", IN_ALL_EVENTS);
  if (strcmp(arguments[1], "second") == 0) {
    struct pollfd events = {watch, POLLIN, 0};
    return poll(&events, 1, 20) == 0 ? 0 : 1;
  }
  for (int i = 0; i < 10; ++i) close(open("/tmp/file", O_WRONLY | O_CREAT, 0600));
  if (fork() > 0) return 0;
  for (;;) close(open("/tmp/file", O_WRONLY | O_CREAT, 0600));
}
