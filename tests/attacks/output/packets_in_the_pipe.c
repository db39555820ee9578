// The pipe in packet mode and without blocking: nothing is lost, nothing hangs.
// expect: cause=exited exit=0 stdout_bytes=10000
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int main(void) {
  char text[10] = "123456789";
  if (fcntl(1, F_SETFL, O_DIRECT | O_NONBLOCK) != 0) return 1;
  for (int i = 0; i < 1000; ++i)
    while (write(1, text, 10) < 0)
      if (errno != EAGAIN) return 2;
  return 0;
}
