// Rights, times and attributes of the program's file: what is not copied for each run is the next run's as well.
// first: cause=exited exit=0
// expect: cause=exited exit=0
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

int main(int count, char** arguments) {
  char value[8];
  const int program = open("/proc/self/exe", O_RDONLY);
  if (strcmp(arguments[1], "second") == 0) {
    struct stat status;
    if (fstat(program, &status) != 0 || status.st_mtime == 4711) return 2;
    return fgetxattr(program, "user.left", value, sizeof value) >= 0 ? 3 : 0;
  }
  const struct timespec times[2] = {{4711, 0}, {4711, 0}};
  futimens(program, times);
  fsetxattr(program, "user.left", "x", 1, 0);
  fchmod(program, 0);
  if (fork() > 0) return 0;
  for (;;) pause();
}
