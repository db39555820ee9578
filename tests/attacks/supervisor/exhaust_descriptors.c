// All that one process may have, in each of many: it gets no further than its own limit.
// expect: cause=exited exit=0
#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
  int status = 0;
  for (int i = 0; i < 30; ++i)
    if (fork() == 0) {
      int count = 0;
      while (open("/dev/null", O_RDONLY) >= 0) ++count;
      usleep(50000);
      _exit(errno == EMFILE && count == 1021 ? 0 : 1);
    }
  while (wait(&status) > 0)
    if (status != 0) return 1;
  return 0;
}
