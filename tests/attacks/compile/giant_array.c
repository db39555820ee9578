// A few words of source, a terabyte of data: what is written is bounded.
// command: /usr/bin/gcc -c {source} -o result
// limits: cpu_ms=5000 wall_ms=15000 file_kb=16384
// expect: cause=exited exit=4
char big[1UL << 40] = {1};
