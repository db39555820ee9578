// Arguments are copied by the kernel: it refuses more than a part of the stack.
// limits: memory_mb=64
// needs: memory-cgroup
// expect: cause=exited exit=0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(void) {
  static char* arguments[4096];
  char* text = malloc(120000);
  memset(text, 'x', 119999);
  text[119999] = 0;
  for (int i = 0; i < 4095; ++i) arguments[i] = text;
  execv("/usr/bin/true", arguments);
  return errno == E2BIG ? 0 : 1;
}
