// A name that is gone by the end is no result, though its file is still open.
// outputs: result
// expect: cause=exited exit=0
#include <fcntl.h>
#include <unistd.h>

int main(void) {
  if (write(open("result", O_WRONLY | O_CREAT, 0600), "x", 1) != 1) return 1;
  return unlink("result");
}
