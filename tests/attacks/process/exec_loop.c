// Becomes itself for ever.
// limits: cpu_ms=300 wall_ms=20000
// expect: cause=cpu_time signal=9
#include <unistd.h>

int main(int count, char** arguments) {
  execl("/proc/self/exe", "rota-attacks", arguments[0], (char*)0);
  return 1;
}
