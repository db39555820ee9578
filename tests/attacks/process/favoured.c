// Nobody goes before others: neither by niceness nor by a real-time class.
// expect: cause=exited exit=0
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  struct sched_param first = {1};
  if (setpriority(PRIO_PROCESS, 0, -1) == 0) return 1;
  if (sched_setscheduler(0, SCHED_FIFO, &first) == 0) return 2;
  if (sched_setscheduler(0, SCHED_RR, &first) == 0) return 3;
  if (syscall(SYS_ioprio_set, 1, 0, 1 << 13) == 0) return 4;
  return 0;
}
