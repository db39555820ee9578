// Programs that confine themselves go on without.
// expect: cause=exited exit=0
#define _GNU_SOURCE
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  if (syscall(SYS_landlock_create_ruleset, 0, 0, 1) != -1 || errno != ENOSYS) return 1;
  if (syscall(SYS_landlock_restrict_self, 0, 0) != -1 || errno != ENOSYS) return 2;
  return 0;
}
