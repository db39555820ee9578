// An orphan's new parent is init, and the payload's own is not ours to name.
// expect: cause=exited exit=0
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
  int ends[2];
  char byte = 0;
  if (getppid() > 1 || getpid() > 3 || pipe(ends) != 0) return 1;
  if (fork() == 0) {
    const pid_t parent = getpid();
    if (fork() == 0) {
      while (getppid() == parent) usleep(1000);
      byte = getppid() == 1 ? 'y' : 'n';
      write(ends[1], &byte, 1);
      _exit(0);
    }
    _exit(0);
  }
  wait(0);
  read(ends[0], &byte, 1);
  return byte == 'y' ? 0 : 2;
}
