#include <stdio.h>

int main(void) {
  puts("Hello, rota!");
  return 0;
}
