// Of an exit code eight bits count.
// expect: cause=exited exit=255
#include <unistd.h>

int main(void) {
  _exit(-1);
}
