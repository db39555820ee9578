// Read-implies-exec, no randomisation, and other people's ABIs weaken what runs.
// expect: cause=exited exit=0
#define _GNU_SOURCE
#include <errno.h>
#include <sys/personality.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  if (personality(ADDR_NO_RANDOMIZE) != -1 || errno != ENOSYS) return 1;
  if (personality(READ_IMPLIES_EXEC) != -1 || errno != ENOSYS) return 2;
  if (personality(PER_LINUX32) != -1 || errno != ENOSYS) return 3;
  if (syscall(SYS_personality, 0x1ffffffffUL) != -1 || errno != ENOSYS) return 4;
  return 0;
}
