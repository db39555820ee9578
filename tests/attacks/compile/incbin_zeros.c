// command: /usr/bin/gcc -c {source} -o result
// outputs: result
// limits: cpu_ms=1000 wall_ms=15000
// expect: cause=exited exit=1
__asm__(".incbin \"/dev/zero\"");
