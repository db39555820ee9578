// Niceness, class, affinity, oom score and limits are as at the start.
// first: cause=exited exit=0
// expect: cause=exited exit=0
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

int main(int count, char** arguments) {
  char text[16] = "";
  struct rlimit limit;
  struct sched_param none = {0};
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(0, &one);
  if (strcmp(arguments[1], "first") == 0) {
    for (int pid = 0; pid < 2; ++pid) {
      setpriority(PRIO_PROCESS, pid, 19);
      sched_setaffinity(pid, sizeof one, &one);
      sched_setscheduler(pid, SCHED_IDLE, &none);
    }
    limit.rlim_cur = limit.rlim_max = 7;
    return setrlimit(RLIMIT_NOFILE, &limit);
  }
  if (getpriority(PRIO_PROCESS, 0) == 19 || sched_getscheduler(0) != SCHED_OTHER) return 1;
  sched_getaffinity(0, sizeof one, &one);
  if (CPU_COUNT(&one) != sysconf(_SC_NPROCESSORS_ONLN)) return 2;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_max < 64) return 3;
  read(open("/proc/self/oom_score_adj", O_RDONLY), text, 15);
  return atoi(text) == 1000 ? 0 : 4;
}
