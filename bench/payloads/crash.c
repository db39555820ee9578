// Dies of a signal that it sends itself.
#include <stdlib.h>

int main(void) {
  abort();
}
