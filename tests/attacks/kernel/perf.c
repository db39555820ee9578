// Watches what the CPU does.
// expect: cause=forbidden_syscall signal=31 syscall=perf_event_open
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_perf_event_open, 0, 0, -1, -1, 0);
  return 1;
}
