// What /proc tells about the machine is not there.
// expect: cause=exited exit=0
#include <fcntl.h>
#include <unistd.h>

int main(void) {
  const char* paths[] = {"/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/proc/kcore", "/proc/kallsyms", "/proc/kmsg",
                         "/proc/keys", "/proc/sysvipc/shm", "/proc/bus", "/proc/irq", "/proc/timer_list", "/proc/modules",
                         "/proc/partitions", "/proc/cmdline", "/proc/version", "/proc/meminfo", "/proc/loadavg", "/sys", "/sys/fs/cgroup"};
  for (int i = 0; i < 18; ++i)
    if (access(paths[i], F_OK) == 0) return i + 1;
  return 0;
}
