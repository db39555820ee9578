// sendfile(2) from a socket that stays empty waits with the pipe's mutex held: who reads the pipe waits as well, and no
// signal helps. The clocks have to go on all the same. (The alarms end the attack where they do not.)
// limits: wall_ms=1000
// expect: cause=wall_time signal=9
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static void hold(int waits_us) {
  int ends[2];
  const struct timeval patience = {waits_us / 1000000, waits_us % 1000000};
  if (fork() != 0) return;
  alarm(8);
  socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  for (;;) sendfile(1, ends[0], 0, 1);
}

int main(void) {
  static const char text[100] = "";
  for (int i = 0; i < 6; ++i) hold(i < 5 ? 3000 : 900000);
  alarm(8);
  for (;;) write(1, text, sizeof text);
}
