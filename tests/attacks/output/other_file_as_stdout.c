// What stands under number 1 is this program's business; only the pipe counts as output.
// expect: cause=exited exit=0 stdout_bytes=3 stderr_bytes=0
#include <fcntl.h>
#include <unistd.h>

int main(void) {
  const int real = dup(1);
  close(1);
  close(2);
  if (open("/tmp/mine", O_RDWR | O_CREAT, 0600) != 1) return 1;
  write(1, "hidden", 6);
  write(real, "yes", 3);
  return 0;
}
