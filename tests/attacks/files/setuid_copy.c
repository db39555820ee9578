// The setuid bit on a file of its own gives nobody's rights.
// expect: cause=exited exit=0
#include <fcntl.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int count, char** arguments) {
  if (count > 1) return geteuid() == atoi(arguments[1]) && getegid() == getgid() ? 0 : 1;
  const int from = open("/proc/self/exe", O_RDONLY);
  const int to = open("/tmp/copy", O_WRONLY | O_CREAT, 0700);
  while (sendfile(to, from, 0, 1 << 20) > 0) continue;
  close(to);
  chown("/tmp/copy", 0, 0);
  chmod("/tmp/copy", 06755);
  char user[16];
  snprintf(user, sizeof user, "%d", geteuid());
  execl("/tmp/copy", "copy", arguments[0], user, (char*)0);
  return 2;
}
