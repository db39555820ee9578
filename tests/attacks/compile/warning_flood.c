// Includes that warn, each of the next.
// command: /usr/bin/gcc -c {source} -o result
// limits: output_kb=64 cpu_ms=10000 wall_ms=20000
// expect: cause=output signal=9 stderr_bytes=65536 stderr_cut=1
#warning "once more"
#if __INCLUDE_LEVEL__ < 190
#include __FILE__
#include __FILE__
#endif
