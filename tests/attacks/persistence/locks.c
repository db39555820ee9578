// A lock on a file of the system is free again.
// first: cause=exited exit=0
// expect: cause=exited exit=0
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

int main(int count, char** arguments) {
  const int file = open("/usr/bin/env", O_RDONLY);
  const int locked = flock(file, LOCK_EX | LOCK_NB) == 0;
  if (strcmp(arguments[1], "second") == 0) return !locked && errno == EWOULDBLOCK ? 1 : 0;
  if (fork() > 0) return 0;
  for (;;) pause();
}
