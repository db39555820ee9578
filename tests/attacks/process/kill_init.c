// Process 1 is deaf to us: killed, stopped, terminated, it is still our parent.
// expect: cause=exited exit=0
#include <signal.h>
#include <unistd.h>

int main(void) {
  kill(1, SIGKILL);
  kill(1, SIGSTOP);
  kill(1, SIGTERM);
  return getppid() == 1 ? 0 : 1;
}
