// Reading much fills the page cache, which gives way: that is no offence.
// limits: memory_mb=32
// needs: memory-cgroup
// expect: cause=exited exit=0
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

static char block[1 << 16];

int main(void) {
  long sum = 0;
  DIR* folder = opendir("/usr/lib/x86_64-linux-gnu");
  if (folder == 0 || chdir("/usr/lib/x86_64-linux-gnu") != 0) return 1;
  for (struct dirent* entry; sum < (100 << 20) && (entry = readdir(folder)) != 0;) {
    const int file = open(entry->d_name, O_RDONLY);
    for (ssize_t size; (size = read(file, block, sizeof block)) > 0;) sum += size;
    close(file);
  }
  return sum > (32 << 20) ? 0 : 2;
}
