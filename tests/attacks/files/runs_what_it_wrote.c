// A program that this one writes runs, under the same filter.
// expect: cause=forbidden_syscall signal=31 syscall=ptrace
#include <fcntl.h>
#include <sys/sendfile.h>
#include <unistd.h>

int main(void) {
  const int from = open("/proc/self/exe", O_RDONLY);
  const int to = open("/tmp/copy", O_WRONLY | O_CREAT, 0700);
  while (sendfile(to, from, 0, 1 << 20) > 0) continue;
  close(to);
  execl("/tmp/copy", "copy", "process/ptrace", (char*)0);
  return 1;
}
