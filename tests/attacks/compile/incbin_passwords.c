// The assembler reads files as well.
// command: /usr/bin/gcc -c {source} -o result
// outputs: result
// expect: cause=exited exit=1
__asm__(".incbin \"/etc/shadow\"");
