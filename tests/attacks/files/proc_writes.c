// What of its own /proc could change its standing cannot be written.
// expect: cause=exited exit=0
#include <fcntl.h>
#include <unistd.h>

static int can_write(const char* path, const char* text) {
  const int file = open(path, O_WRONLY);
  return file >= 0 && write(file, text, 1) > 0;
}

int main(void) {
  if (can_write("/proc/self/uid_map", "0 0 1")) return 1;
  if (can_write("/proc/self/gid_map", "0 0 1")) return 2;
  if (can_write("/proc/self/setgroups", "allow")) return 3;
  if (can_write("/proc/self/attr/current", "x")) return 4;
  if (can_write("/proc/self/cgroup", "0")) return 6;
  return 0;
}
