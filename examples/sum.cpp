// Adds the whole numbers on its standard input: rota submit examples/sum.cpp --stdin numbers.txt
#include <iostream>

int main() {
  long long sum = 0;
  for (long long number = 0; std::cin >> number;) sum += number;
  std::cout << sum << '\n';
}
