// The name cannot be changed, so nothing stands in it for the next.
// first: cause=forbidden_syscall signal=31 syscall=sethostname
// expect: cause=exited exit=0
#include <string.h>
#include <unistd.h>

int main(int count, char** arguments) {
  char name[64] = "";
  if (strcmp(arguments[1], "first") == 0) return sethostname("left", 4) == 0 ? 1 : 2;
  gethostname(name, sizeof name);
  return strcmp(name, "box") == 0 ? 0 : 3;
}
