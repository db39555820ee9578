// Not even to a file of its own.
// outputs: result
// expect: cause=exited exit=0 refused=result
#include <fcntl.h>
#include <unistd.h>

int main(void) {
  if (write(open("other", O_WRONLY | O_CREAT, 0600), "x", 1) != 1) return 1;
  return symlink("other", "result");
}
