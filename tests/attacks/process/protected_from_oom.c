// Makes itself the last to be killed for want of memory.
// expect: cause=exited exit=0
#include <fcntl.h>
#include <unistd.h>

int main(void) {
  const int file = open("/proc/self/oom_score_adj", O_WRONLY);
  return file >= 0 && write(file, "-1000", 5) == 5 ? 1 : 0;
}
