// A device that is always full.
// command: /usr/bin/gcc -c {source} -o /dev/full
// limits: wall_ms=10000
// expect: cause=exited exit=1
int nothing;
