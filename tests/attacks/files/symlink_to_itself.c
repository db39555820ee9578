// outputs: result
// expect: cause=exited exit=0 refused=result
#include <unistd.h>

int main(void) {
  return symlink("result", "result");
}
