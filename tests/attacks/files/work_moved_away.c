// The folder that results are taken from cannot be put in another's place.
// outputs: passwd
// expect: cause=exited exit=0
#include <stdio.h>
#include <unistd.h>

int main(void) {
  if (rename("/work", "/work2") == 0 || rmdir("/work") == 0) return 1;
  if (rename("/work", "/tmp/work") == 0) return 2;
  return symlink("/etc", "/work/etc");
}
