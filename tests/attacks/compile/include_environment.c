// Its environment; in an error it would be shown.
// command: /usr/bin/gcc -c {source} -o result
// outputs: result
// expect: cause=exited exit=1
#include "/proc/1/environ"
