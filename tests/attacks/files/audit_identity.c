// The user that the host's audit log names for what it does cannot be chosen.
// expect: cause=exited exit=0
#include <fcntl.h>
#include <unistd.h>

int main(void) {
  const int file = open("/proc/self/loginuid", O_WRONLY);
  return file >= 0 && write(file, "0", 1) > 0 ? 1 : 0;
}
