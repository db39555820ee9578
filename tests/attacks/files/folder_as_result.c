// outputs: result
// expect: cause=exited exit=0 refused=result
#include <sys/stat.h>

int main(void) {
  return mkdir("result", 0700);
}
