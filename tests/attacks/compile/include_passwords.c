// command: /usr/bin/gcc -c {source} -o result
// outputs: result
// expect: cause=exited exit=1
#include "/etc/shadow"
