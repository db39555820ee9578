// limits: wall_ms=200
// expect: cause=wall_time signal=9
#include <sys/select.h>

int main(void) {
  return select(0, 0, 0, 0, 0);
}
