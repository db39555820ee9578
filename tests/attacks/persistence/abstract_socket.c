// A listener without a file, held open by a process that would outlive us.
// first: cause=exited exit=0
// expect: cause=exited exit=0
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int count, char** arguments) {
  struct sockaddr_un address = {AF_UNIX, "\0left"};
  const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (strcmp(arguments[1], "second") == 0) {
    if (connect(fd, (struct sockaddr*)&address, sizeof address) == 0) return 2;
    return bind(fd, (struct sockaddr*)&address, sizeof address) == 0 ? 0 : 3;
  }
  if (bind(fd, (struct sockaddr*)&address, sizeof address) != 0 || listen(fd, 5) != 0) return 1;
  if (fork() > 0) return 0;
  setsid();
  for (;;) pause();
}
