// A page that the full file system has no room for is no page.
// limits: file_kb=1024
// expect: cause=signalled signal=7
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void) {
  const int size = 1 << 20;
  for (int i = 0; i < 2; ++i) {
    char name[] = "/tmp/a";
    name[5] += i;
    const int file = open(name, O_RDWR | O_CREAT, 0600);
    if (file < 0 || ftruncate(file, size) != 0) return 1;
    volatile char* bytes = mmap(0, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    for (int at = 0; at < size; at += 4096) bytes[at] = 1;
  }
  return 2;
}
