// So does one that stands in memory only.
// expect: cause=forbidden_syscall signal=31 syscall=ptrace
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

int main(void) {
  char* arguments[] = {"copy", "process/ptrace", 0};
  char* environment[] = {0};
  const int from = open("/proc/self/exe", O_RDONLY);
  const int to = memfd_create("program", MFD_CLOEXEC);
  while (sendfile(to, from, 0, 1 << 20) > 0) continue;
  fexecve(to, arguments, environment);
  return 1;
}
