// A lock on a file that all boxes share would be a channel between them, and would make programs of the host wait.
// expect: cause=exited exit=0
#include <fcntl.h>
#include <sys/file.h>

int main(void) {
  return flock(open("/usr/bin/env", O_RDONLY), LOCK_EX | LOCK_NB) == 0 ? 1 : 0;
}
