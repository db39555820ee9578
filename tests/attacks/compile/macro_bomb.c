// A billion laughs.
// command: /usr/bin/gcc -c {source} -o result
// limits: cpu_ms=20000 wall_ms=25000 memory_mb=96
// needs: memory-cgroup
// expect: cause=memory
#define A "ha", "ha", "ha", "ha", "ha", "ha", "ha", "ha", "ha", "ha"
#define B A, A, A, A, A, A, A, A, A, A
#define C B, B, B, B, B, B, B, B, B, B
#define D C, C, C, C, C, C, C, C, C, C
#define E D, D, D, D, D, D, D, D, D, D
#define F E, E, E, E, E, E, E, E, E, E
#define G F, F, F, F, F, F, F, F, F, F
#define H G, G, G, G, G, G, G, G, G, G
const char* laughs[] = {H};
