// The network's state, as far as it can be seen at all, is a fresh one's.
// first: cause=exited exit=0
// expect: cause=exited exit=0
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

// Names that the kernel gives by itself count up from where the last user of the namespace has left off.
int main(int count, char** arguments) {
  struct sockaddr_un address = {AF_UNIX};
  const int many = strcmp(arguments[1], "first") == 0 ? 200 : 1;
  for (int i = 0; i < many; ++i)
    if (bind(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr*)&address, sizeof(sa_family_t)) != 0) return 1;
  char line[256];
  int lines = 0;
  FILE* file = fopen("/proc/self/net/unix", "r");
  if (file == 0) return 0;
  while (fgets(line, sizeof line, file) != 0) ++lines;
  return lines <= many + 1 ? 0 : 2;
}
