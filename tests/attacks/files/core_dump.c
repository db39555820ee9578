// A crash leaves no core file, neither here nor with the host.
// outputs: core
// expect: cause=signalled signal=11
#include <stddef.h>

int main(void) {
  *(volatile int*)NULL = 1;
  return 1;
}
