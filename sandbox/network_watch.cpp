#include "sandbox/network_watch.hpp"

#include <unistd.h>

#include <array>
#include <string_view>

#include "base/check.hpp"

namespace rota::sandbox {

// Its first line counts the sockets of all families, the kernel's own left out.
bool NetworkWatch::has_sockets() const {
  constexpr std::string_view kNone = "sockets: used 0\n";
  std::array<char, kNone.size()> text{};
  const ssize_t size = check(::pread(counts_.get(), text.data(), text.size(), 0), "count the box's sockets");
  return std::string_view(text.data(), static_cast<std::size_t>(size)) != kNone;
}

}  // namespace rota::sandbox
