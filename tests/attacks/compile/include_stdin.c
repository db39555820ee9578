// Nobody types.
// command: /usr/bin/gcc -c {source} -o result
// limits: wall_ms=10000
// expect: cause=exited exit=0
#include "/dev/stdin"
int nothing;
