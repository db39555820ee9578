// How many processes the run before had cannot be told from our own number.
// first: cause=exited exit=0
// expect: cause=exited exit=0
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int count, char** arguments) {
  if (getpid() > 3) return 1;
  for (int i = 0; i < 20 && strcmp(arguments[1], "first") == 0; ++i) {
    if (fork() == 0) _exit(0);
    wait(0);
  }
  return 0;
}
