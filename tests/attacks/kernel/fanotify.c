// Watches and delays what the whole host opens.
// expect: cause=exited exit=0
#define _GNU_SOURCE
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  if (syscall(SYS_fanotify_init, 0, 0) != -1 || errno != EPERM) return 1;
  if (syscall(SYS_fanotify_mark, 0, 0, 0, 0, 0) != -1 || errno != EPERM) return 2;
  return 0;
}
