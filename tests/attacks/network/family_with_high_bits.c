// The kernel looks at 32 bits of the family, a filter that looks at others would be fooled.
// expect: cause=exited exit=0
#include <errno.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  const long families[] = {0x100000000 | AF_INET, 0x100000000 | AF_UNIX, 0xffffffff00000000 | AF_NETLINK, -1};
  for (int i = 0; i < 4; ++i)
    if (syscall(SYS_socket, families[i], SOCK_STREAM, 0) != -1 || errno != EAFNOSUPPORT) return i + 1;
  return 0;
}
