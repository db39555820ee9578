// A daemon in a session of its own, deaf and stopped: the next run does not meet it.
// marks: self-test
// first: cause=exited exit=0
// expect: cause=exited exit=0
#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int count, char** arguments) {
  if (strcmp(arguments[1], "first") == 0) {
    if (fork() > 0) return 0;
    setsid();
    if (fork() > 0) _exit(0);
    for (int number = 1; number < 65; ++number) signal(number, SIG_IGN);
    raise(SIGSTOP);
    for (;;) pause();
  }
  DIR* folder = opendir("/proc");
  for (struct dirent* entry; (entry = readdir(folder)) != 0;) {
    const int pid = atoi(entry->d_name);
    if (pid > 1 && pid != getpid()) return 1;
  }
  return kill(-1, 0) == 0 ? 2 : 0;
}
