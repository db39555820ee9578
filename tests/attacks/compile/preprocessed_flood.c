// The preprocessor's own output on stdout.
// command: /usr/bin/gcc -E {source}
// limits: output_kb=64 cpu_ms=10000 wall_ms=20000
// expect: cause=output signal=9 stdout_bytes=65536 stdout_cut=1
#define TEN(x) x x x x x x x x x x
TEN(TEN(TEN(TEN(TEN(TEN("flood"))))))
