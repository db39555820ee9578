// Characters that swap the order of reading, and bytes that are none: an error or none, no crash.
// command: /usr/bin/gcc -c {source} -o result
// expect: cause=exited exit=0
int \u00e9t\u00e9 = 1;
/* ‮ */ int nothing;
