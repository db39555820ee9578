#include "client/sibling.hpp"

#include "client/client_error.hpp"
#include "client/exit_status.hpp"

namespace rota::client {

std::filesystem::path sibling(const std::string& name, const std::string& purpose) {
  const auto path = std::filesystem::read_symlink("/proc/self/exe").parent_path() / name;
  if (std::filesystem::exists(path)) return path;
  throw ClientError(kUnavailable, purpose + " " + path.string() + " is missing; build or install it");
}

}  // namespace rota::client
