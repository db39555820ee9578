// Destructors that throw while another exception flies.
// expect: cause=signalled signal=6
#include <stdexcept>

struct Throwing {
  ~Throwing() noexcept(false) { throw std::runtime_error("second"); }
};

int main(int, char**) {
  try {
    const Throwing throwing;
    throw std::runtime_error("first");
  } catch (...) {
    return 1;
  }
}
