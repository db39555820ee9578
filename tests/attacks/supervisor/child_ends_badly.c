// A child's end is not the program's.
// expect: cause=exited exit=0
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
  if (fork() == 0) raise(SIGKILL);
  if (fork() == 0) raise(SIGSEGV);
  while (wait(0) > 0) continue;
  return 0;
}
