// no_new_privs and nosuid: su gives us nothing.
// expect: cause=exited exit=0
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
  if (setuid(0) == 0 || setgid(0) == 0) return 1;
  if (fork() == 0) {
    close(2);
    execl("/usr/bin/su", "su", "-c", "true", (char*)0);
    _exit(9);
  }
  int status = 0;
  wait(&status);
  return status != 0 ? 0 : 2;
}
