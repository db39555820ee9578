// Waits for a writer that never comes.
// limits: wall_ms=200
// expect: cause=wall_time signal=9
#include <fcntl.h>
#include <sys/stat.h>

int main(void) {
  mkfifo("/tmp/fifo", 0600);
  open("/tmp/fifo", O_RDONLY);
  return 0;
}
