// Process 1 is not to be seen, whoever it belongs to.
// marks: self-test
// expect: cause=exited exit=0
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void) {
  const char* names[] = {"root", "cwd", "exe", "fd", "fd/3", "mem", "environ", "maps", "cmdline", "ns/mnt", "stack", "task/1/mem", "mountinfo"};
  char text[256];
  for (int i = 0; i < 13; ++i) {
    char path[64];
    snprintf(path, sizeof path, "/proc/1/%s", names[i]);
    if (open(path, O_RDONLY) >= 0) return i + 1;
    if (readlink(path, text, sizeof text) >= 0) return i + 21;
  }
  return chdir("/proc/1/root") == 0 ? 41 : 0;
}
