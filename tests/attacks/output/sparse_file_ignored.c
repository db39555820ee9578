// Without the signal the call fails.
// limits: file_kb=1024
// expect: cause=exited exit=0
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

int main(void) {
  signal(SIGXFSZ, SIG_IGN);
  const int file = open("/tmp/sparse", O_WRONLY | O_CREAT, 0600);
  if (ftruncate(file, 1L << 40) == 0 || errno != EFBIG) return 1;
  if (pwrite(file, "x", 1, 1L << 40) >= 0 || errno != EFBIG) return 2;
  return posix_fallocate(file, 0, 1L << 40) != 0 ? 0 : 3;
}
