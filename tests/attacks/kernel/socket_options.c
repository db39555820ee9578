// Filters of sockets, of every kind, with and without bits above 32.
// expect: cause=exited exit=0
#include <errno.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  const long options[] = {SO_ATTACH_FILTER, SO_ATTACH_BPF, 51, 52, 0x100000000L | SO_ATTACH_FILTER, SO_BINDTODEVICE, SO_MARK};
  const int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
  char value[16] = {0};
  for (int i = 0; i < 7; ++i)
    if (syscall(SYS_setsockopt, fd, SOL_SOCKET, options[i], value, 16) != -1 || errno != ENOSYS) return i + 1;
  return 0;
}
