#include "base/daemon.hpp"

#include <unistd.h>

#include <array>
#include <cstdlib>

#include "base/check.hpp"
#include "base/unique_fd.hpp"

namespace rota {

std::string host_name() {
  std::array<char, 256> name{};
  const bool known = ::gethostname(name.data(), name.size() - 1) == 0 && name[0] != '\0';
  return known ? name.data() : "localhost";
}

std::filesystem::path default_state_dir(const std::string& name) {
  const std::filesystem::path folder = std::filesystem::path("rota") / name;
  if (::geteuid() == 0) return "/var/lib" / folder;
  const char* state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && *state == '/') return state / folder;
  const char* home = std::getenv("HOME");
  return std::filesystem::path(home != nullptr ? home : ".") / ".local/state" / folder;
}

void tell_ready(int fd, const std::string& address) {
  if (fd < 0) return;
  const UniqueFd owned(fd);
  const std::string line = address + "\n";
  check(::write(owned.get(), line.data(), line.size()), "write to --ready-fd");
}

}  // namespace rota
