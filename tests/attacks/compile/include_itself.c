// The preprocessor has a bound of its own.
// command: /usr/bin/gcc -c {source} -o result
// limits: wall_ms=15000
// expect: cause=exited exit=1
#include __FILE__
