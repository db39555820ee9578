// A result that is large by its length alone is not brought out.
// outputs: result
// limits: file_kb=65536
// expect: cause=exited exit=0 too_big=result
#include <fcntl.h>
#include <unistd.h>

int main(void) {
  return ftruncate(open("result", O_WRONLY | O_CREAT, 0600), 32 << 20);
}
