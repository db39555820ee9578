// limits: memory_mb=512 wall_ms=10000
// expect: cause=signalled signal=11
#include <string.h>

static int descend(int depth) {
  volatile char frame[4096];
  memset((char*)frame, depth, sizeof frame);
  return descend(depth + 1) + frame[depth & 4095];
}

int main(void) {
  return descend(0);
}
