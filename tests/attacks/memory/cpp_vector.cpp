// A container that catches what it can: running out is not an exception here.
// limits: memory_mb=32
// needs: memory-cgroup
// expect: cause=memory signal=9
#include <new>
#include <string>
#include <vector>

int main(int, char**) {
  std::vector<std::string> texts;
  try {
    for (;;) texts.emplace_back(100'000, 'x');
  } catch (const std::bad_alloc&) {
    return 1;
  }
}
