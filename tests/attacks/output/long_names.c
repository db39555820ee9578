// Names as long as they may be, in every byte that a name may have.
// outputs: result
// expect: cause=exited exit=0
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int main(void) {
  char name[256];
  for (int byte = 1; byte < 256; ++byte) {
    if (byte == '/') continue;
    memset(name, byte, 255);
    name[255] = 0;
    const int file = open(name, O_WRONLY | O_CREAT, 0600);
    if (file < 0) return byte;
    close(file);
  }
  return 0;
}
