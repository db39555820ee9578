// Nothing of the environment of whoever started the box is to be seen.
// expect: cause=exited exit=0
#include <string.h>

extern char** environ;

int main(void) {
  const char* allowed[] = {"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/work", "LANG=C.UTF-8", "TMPDIR=/tmp"};
  int count = 0;
  for (char** entry = environ; *entry != 0; ++entry, ++count) {
    int found = 0;
    for (int i = 0; i < 4; ++i) found |= strcmp(*entry, allowed[i]) == 0;
    if (!found) return 1;
  }
  return count == 4 ? 0 : 2;
}
