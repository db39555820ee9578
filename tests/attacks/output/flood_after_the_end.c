// The payload ends, its child floods: all is over with the payload, whatever is still in the pipe.
// limits: output_kb=64 wall_ms=5000
// expect: cause=exited exit=4 stdout_bytes=0
#include <unistd.h>

int main(void) {
  int ends[2];
  char byte;
  if (pipe(ends) != 0) return 1;
  if (fork() == 0) {
    close(ends[1]);
    read(ends[0], &byte, 1);  // ends when the payload does, and with it this process
    usleep(200000);
    for (;;) write(1, "late\n", 5);
  }
  return 4;
}
