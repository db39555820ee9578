// kill(-1) reaches our own processes and nobody else; the child's end is seen.
// expect: cause=exited exit=0
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
  int status = 0;
  const pid_t child = fork();
  if (child == 0)
    for (;;) pause();
  if (kill(-1, SIGKILL) != 0) return 1;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL ? 0 : 2;
}
