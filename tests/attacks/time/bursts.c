// Works in bursts that are shorter than a clock's tick, and sleeps between them.
// limits: cpu_ms=200 wall_ms=20000
// expect: cause=cpu_time signal=9
#include <time.h>
#include <unistd.h>

int main(void) {
  for (;;) {
    struct timespec start, now;
    clock_gettime(CLOCK_MONOTONIC, &start);
    do clock_gettime(CLOCK_MONOTONIC, &now);
    while ((now.tv_sec - start.tv_sec) * 1000000000L + now.tv_nsec - start.tv_nsec < 900000);
    usleep(100);
  }
}
