// allocator MIB: takes that much memory and touches every page of it.
#include <stdlib.h>

int main(int argc, char** argv) {
  const size_t size = (argc > 1 ? strtoull(argv[1], NULL, 10) : 0) << 20;
  volatile char* memory = malloc(size);
  if (memory == NULL) return 1;
  for (size_t i = 0; i < size; i += 4096) memory[i] = 1;
  return 0;
}
