// What is not on the list of the root does not exist.
// expect: cause=exited exit=0
#include <errno.h>
#include <fcntl.h>

int main(void) {
  const char* const absent[] = {
      "/etc/shadow", "/etc/hostname",  "/root",          "/home",    "/sys",    "/var",
      "/run",        "/boot",          "/dev/kmsg",      "/dev/tty", "/proc/1", "/proc/kcore",
      "/proc/sys",   "/proc/kallsyms", "/../etc/shadow", "/../root",
  };
  for (unsigned i = 0; i < sizeof absent / sizeof absent[0]; ++i) {
    if (open(absent[i], O_RDONLY) >= 0 || errno != ENOENT) return (int)i + 1;
  }
  return 0;
}
