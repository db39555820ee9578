// No other process's memory can be opened, under whatever number.
// expect: cause=exited exit=0
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void) {
  for (int pid = 1; pid < 40000; ++pid) {
    char path[32];
    if (pid == getpid()) continue;
    snprintf(path, sizeof path, "/proc/%d/mem", pid);
    if (open(path, O_RDWR) >= 0) return 1;
  }
  return 0;
}
