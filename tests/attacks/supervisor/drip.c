// A byte at a time wakes whoever reads: the clock counts all the same.
// limits: wall_ms=400 output_kb=1024
// expect: cause=wall_time signal=9
#include <unistd.h>

int main(void) {
  for (;;) {
    write(1, "x", 1);
    write(2, "y", 1);
  }
}
