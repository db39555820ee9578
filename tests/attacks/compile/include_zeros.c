// A header without an end.
// command: /usr/bin/gcc -c {source} -o result
// limits: cpu_ms=20000 wall_ms=25000 memory_mb=64
// needs: memory-cgroup
// expect: cause=memory
#include "/dev/zero"
