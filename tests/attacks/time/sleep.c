// limits: wall_ms=200
// expect: cause=wall_time signal=9
#include <unistd.h>

int main(void) {
  sleep(1000);
  return 0;
}
