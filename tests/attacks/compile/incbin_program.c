// The program that compiles, as data: it is read-only and open to all.
// command: /usr/bin/gcc -c {source} -o result
// outputs: result
// limits: file_kb=65536
// expect: cause=exited exit=0 outputs=1
__asm__(".incbin \"/proc/self/exe\", 0, 4096");
