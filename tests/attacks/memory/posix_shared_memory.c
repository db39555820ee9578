// /dev/shm is /tmp here: bounded as that is, and memory as that is.
// limits: memory_mb=32 file_kb=262144
// needs: memory-cgroup
// expect: cause=memory signal=9
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void) {
  const int file = shm_open("/hog", O_RDWR | O_CREAT, 0600);
  if (file < 0 || ftruncate(file, 128 << 20) != 0) return 1;
  char* bytes = mmap(0, 128 << 20, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (bytes == MAP_FAILED) return 2;
  memset(bytes, 1, 128 << 20);
  return 3;
}
