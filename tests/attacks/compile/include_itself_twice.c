// Just below that bound, and twice each time.
// command: /usr/bin/gcc -c {source} -o result
// limits: cpu_ms=500 wall_ms=15000
// expect: cause=cpu_time signal=9
#if __INCLUDE_LEVEL__ < 190
#include __FILE__
#include __FILE__
#endif
