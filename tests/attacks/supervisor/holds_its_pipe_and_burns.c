// The same, with processes that use CPU time meanwhile: that limit holds as well.
// limits: cpu_ms=500 wall_ms=8000
// expect: cause=cpu_time signal=9
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void) {
  static const char text[100] = "";
  int ends[2];
  socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  for (int i = 0; i < 4; ++i) {
    if (fork() != 0) continue;
    alarm(15);
    for (;;) sendfile(1, ends[0], 0, 1);
  }
  for (int i = 0; i < 2; ++i) {
    if (fork() != 0) continue;
    alarm(15);
    for (;;) continue;
  }
  alarm(15);
  for (;;) write(1, text, sizeof text);
}
