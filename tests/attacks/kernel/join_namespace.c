// Joins the namespace of another process.
// expect: cause=forbidden_syscall signal=31 syscall=setns
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>

int main(void) {
  setns(open("/proc/self/ns/net", O_RDONLY), 0);
  return 1;
}
