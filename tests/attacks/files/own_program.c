// The program that runs cannot be written through /proc, not even by whom it belongs to.
// expect: cause=exited exit=0
#include <fcntl.h>
#include <unistd.h>

int main(void) {
  if (open("/proc/self/exe", O_WRONLY) >= 0) return 1;
  if (open("/proc/self/exe", O_RDWR) >= 0) return 2;
  if (truncate("/proc/self/exe", 0) == 0) return 3;
  return 0;
}
