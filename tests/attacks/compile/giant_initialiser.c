// Each element is a node in the compiler.
// command: /usr/bin/gcc -c {source} -o result
// outputs: result
// limits: cpu_ms=20000 wall_ms=25000 memory_mb=64
// needs: memory-cgroup
// expect: cause=memory
#define TEN(x) x, x, x, x, x, x, x, x, x, x
#define MANY(x) TEN(TEN(TEN(TEN(TEN(TEN(x))))))
int numbers[] = {MANY(1), MANY(2), MANY(3)};
