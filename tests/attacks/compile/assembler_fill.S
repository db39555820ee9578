// A fill of sixteen gigabytes.
// command: /usr/bin/gcc -c {source} -o result
// outputs: result
// limits: cpu_ms=5000 wall_ms=15000 file_kb=16384
// expect: cause=exited exit=4 too_big=result
        .data
        .fill 0x400000000, 1, 1
