// A copy that runs is not to be written, one that is written does not run.
// expect: cause=exited exit=0
#include <errno.h>
#include <fcntl.h>
#include <sys/sendfile.h>
#include <unistd.h>

int main(void) {
  const int from = open("/proc/self/exe", O_RDONLY);
  const int to = open("/tmp/copy", O_RDWR | O_CREAT, 0700);
  while (sendfile(to, from, 0, 1 << 20) > 0) continue;
  execl("/tmp/copy", "copy", (char*)0);
  return errno == ETXTBSY ? 0 : 1;
}
