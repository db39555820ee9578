// A link to a file of the box at the name that is collected: it is not followed.
// marks: self-test
// outputs: result
// expect: cause=exited exit=0 refused=result
#include <unistd.h>

int main(void) {
  return symlink("/etc/passwd", "result");
}
