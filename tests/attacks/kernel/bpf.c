// expect: cause=forbidden_syscall signal=31
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_bpf, 0, 0, 0);
  return 0;
}
