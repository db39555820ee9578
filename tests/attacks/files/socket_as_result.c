// outputs: result
// expect: cause=exited exit=0 refused=result
#include <sys/socket.h>
#include <sys/un.h>

int main(void) {
  struct sockaddr_un address = {AF_UNIX, "result"};
  return bind(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr*)&address, sizeof address);
}
