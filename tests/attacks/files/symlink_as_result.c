// A link to a file of the box at the name that is collected: it is not followed.
// outputs: result
// expect: cause=exited exit=0
#include <unistd.h>

int main(void) {
  return symlink("/etc/passwd", "result");
}
