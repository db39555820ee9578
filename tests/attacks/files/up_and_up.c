// However far it climbs, the root is the box's.
// expect: cause=exited exit=0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
  struct stat root, top;
  for (int i = 0; i < 1000; ++i)
    if (chdir("..") != 0) return 1;
  if (stat("/", &root) != 0 || stat(".", &top) != 0 || root.st_ino != top.st_ino || root.st_dev != top.st_dev) return 2;
  if (access("/proc/self/root/root", F_OK) == 0 || access("/proc/self/cwd/../home", F_OK) == 0) return 3;
  return access("/work/../../../../../home", F_OK) == 0 ? 4 : 0;
}
