#include <string>
#include <vector>

int main() {
  std::vector<std::string> blocks;
  while (true) blocks.emplace_back(1000000, 'x');
}
