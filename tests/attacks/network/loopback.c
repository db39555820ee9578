// A listener on the loopback for a later run; there is none to be had, now or then.
// first: cause=exited exit=0
// expect: cause=exited exit=0
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

int main(int count, char** arguments) {
  struct sockaddr_in address = {AF_INET, htons(4711), {htonl(INADDR_LOOPBACK)}};
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (strcmp(arguments[1], "first") == 0)
    return bind(fd, (struct sockaddr*)&address, sizeof address) == 0 && listen(fd, 1) == 0 ? 1 : 0;
  return connect(fd, (struct sockaddr*)&address, sizeof address) == 0 ? 2 : 0;
}
