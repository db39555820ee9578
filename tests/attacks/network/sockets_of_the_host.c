// Daemons of the host listen at names in the file system and at abstract ones: neither is there.
// expect: cause=exited exit=0
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

static int reaches(const char* name, int size) {
  struct sockaddr_un address = {AF_UNIX};
  memcpy(address.sun_path, name, size);
  const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  return connect(fd, (struct sockaddr*)&address, sizeof address.sun_family + size) == 0;
}

int main(void) {
  const char* paths[] = {"/run/dbus/system_bus_socket", "/var/run/docker.sock", "/run/systemd/private", "/dev/log", "/run/containerd/containerd.sock"};
  for (int i = 0; i < 5; ++i)
    if (reaches(paths[i], strlen(paths[i]) + 1)) return i + 1;
  if (reaches("\0/tmp/.X11-unix/X0", 18)) return 6;
  return reaches("\0/tmp/dbus-rota", 15) ? 7 : 0;
}
