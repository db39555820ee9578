// Which cgroup of the host it is in is hidden: all that it sees is a root.
// needs: cgroup-namespace
// expect: cause=exited exit=0
#include <stdio.h>
#include <string.h>

int main(void) {
  char line[512];
  FILE* file = fopen("/proc/self/cgroup", "r");
  if (file == 0) return 1;
  while (fgets(line, sizeof line, file) != 0)
    if (strstr(line, ":/\n") == 0) return 2;
  return 0;
}
