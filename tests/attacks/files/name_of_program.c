// Where the host keeps the program is not told by its name.
// expect: cause=exited exit=0
#include <string.h>
#include <unistd.h>

int main(void) {
  char path[4096] = "";
  if (readlink("/proc/self/exe", path, sizeof path - 1) <= 0) return 1;
  return strncmp(path, "/work/", 6) == 0 || strncmp(path, "/memfd:", 7) == 0 ? 0 : 2;
}
