// Opening it for reading would wait for ever.
// outputs: result
// expect: cause=exited exit=0 refused=result
#include <sys/stat.h>

int main(void) {
  return mkfifo("result", 0600);
}
