// The program is written to once nobody runs it any more, through a descriptor that was opened before: the next run's is
// as it was. Where programs are not copied for each run this would be the run after the run's program.
// marks: self-test
// first: cause=exited exit=0
// expect: cause=exited exit=0
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int count, char** arguments) {
  if (strcmp(arguments[1], "second") == 0) {
    char start[5] = "";
    return pread(open("/proc/self/exe", O_RDONLY), start, 4, 0) == 4 && strcmp(start, "\177ELF") == 0 ? 0 : 1;
  }
  const int program = open("/proc/self/exe", O_RDONLY);
  fchmod(program, 0777);
  if (program != 3) return 2;
  execl("/bin/sh", "sh", "-c", "{ printf rewritten >/proc/self/fd/3; } 2>/dev/null; exit 0", (char*)0);
  return 3;
}
