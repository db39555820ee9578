#include <iostream>

int main() {
  std::cout << "Hello, rota!\n";
}
