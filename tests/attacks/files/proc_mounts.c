// The mounts that it sees are those of the box, and nothing of the host's own.
// expect: cause=exited exit=0
#include <stdio.h>
#include <string.h>

int main(void) {
  const char* allowed[] = {"/usr", "/bin", "/sbin", "/lib", "/dev", "/work", "/tmp", "/proc"};
  char line[1024], point[512];
  FILE* file = fopen("/proc/self/mountinfo", "r");
  if (file == 0) return 1;
  while (fgets(line, sizeof line, file) != 0) {
    if (sscanf(line, "%*d %*d %*s %*s %511s", point) != 1) return 2;
    int found = strcmp(point, "/") == 0;
    for (int i = 0; i < 8; ++i) found |= strncmp(point, allowed[i], strlen(allowed[i])) == 0;
    if (!found) return 3;
  }
  return 0;
}
