// Process 1 is deaf to every signal, by every call.
// marks: self-test
// expect: cause=exited exit=0
#define _GNU_SOURCE
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  const int init = syscall(SYS_pidfd_open, 1, 0);
  for (int number = 1; number < 65; ++number) {
    const union sigval value = {0};
    kill(1, number);
    sigqueue(1, number, value);
    syscall(SYS_tgkill, 1, 1, number);
    if (init >= 0) syscall(SYS_pidfd_send_signal, init, number, 0, 0);
  }
  usleep(20000);
  return 0;
}
