// The compiler's own memory as a header: by its length it is empty.
// command: /usr/bin/gcc -c {source} -o result
// expect: cause=exited exit=0
#include "/proc/self/mem"
