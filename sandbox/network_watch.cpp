#include "sandbox/network_watch.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/check.hpp"

namespace rota::sandbox {

// The list has a line for each socket, below one for the headings.
bool NetworkWatch::has_sockets() const {
  std::array<char, 512> text;
  const ssize_t size = check(::pread(list_.get(), text.data(), text.size(), 0), "list the box's sockets");
  return std::count(text.begin(), text.begin() + size, '\n') > 1;
}

}  // namespace rota::sandbox
