// What everybody submits first; linked as g++ does it unasked, so the dynamic linker is part of it.
#include <iostream>

int main() {
  std::cout << "Hello, rota!\n";
}
