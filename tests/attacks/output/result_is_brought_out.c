// An honest result comes out, with whatever rights its file has.
// outputs: result absent
// expect: cause=exited exit=0 outputs=1
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
  const int file = open("result", O_WRONLY | O_CREAT, 0600);
  if (write(file, "x", 1) != 1) return 1;
  return fchmod(file, 0);
}
