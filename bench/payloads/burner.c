// burner MS: uses that much CPU time, then prints what getrusage(2) says that it used, in microseconds.
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

static long long used_us(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000LL + usage.ru_utime.tv_usec +
         usage.ru_stime.tv_usec;
}

int main(int argc, char** argv) {
  const long long wanted_us = argc > 1 ? atoll(argv[1]) * 1000 : 0;
  volatile unsigned turns = 0;
  do {
    for (int i = 0; i < 20000; ++i) ++turns;
  } while (used_us() < wanted_us);
  printf("%lld\n", used_us());
}
