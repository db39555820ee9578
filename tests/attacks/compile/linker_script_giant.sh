# Places a section at the far end of the address space: the file between is sparse, and bounded.
# limits: file_kb=16384 wall_ms=15000
# expect: cause=exited exit=0
echo 'int nothing = 1; void _start(void) {}' >program.c
echo 'SECTIONS { .text 0x1000 : { *(.text) } .data 0x1010 : { . = . + 0x400000000; *(.data) } }' >script.ld
gcc -nostdlib -Wl,-T,script.ld program.c -o result 2>/dev/null
test $? -ne 0
