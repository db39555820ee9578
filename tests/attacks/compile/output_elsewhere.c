// The result is to be written over a file of the system.
// command: /usr/bin/gcc -c {source} -o /usr/lib/gcc/x86_64-linux-gnu/12/crtbegin.o
// expect: cause=exited exit=1
int nothing;
