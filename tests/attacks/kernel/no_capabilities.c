// Every set is empty, and stays so through exec of a root-owned setuid program's copy.
// marks: self-test
// expect: cause=exited exit=0
#include <stdio.h>
#include <string.h>

int main(void) {
  char line[256];
  int sets = 0;
  FILE* file = fopen("/proc/self/status", "r");
  if (file == 0) return 1;
  while (fgets(line, sizeof line, file) != 0) {
    if (strncmp(line, "Cap", 3) != 0) continue;
    ++sets;
    if (strstr(line, "0000000000000000") == 0) return 2;
  }
  return sets == 5 ? 0 : 3;
}
