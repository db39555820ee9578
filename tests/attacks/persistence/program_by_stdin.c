// What is read by one run is there for the next: offsets of shared descriptions do not move.
// first: cause=exited exit=0
// expect: cause=exited exit=0
#include <unistd.h>

int main(void) {
  char byte;
  if (lseek(0, 0, SEEK_CUR) > 0) return 1;
  lseek(0, 1000, SEEK_SET);
  return read(0, &byte, 1) == 0 ? 0 : 2;
}
