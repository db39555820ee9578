#include "sandbox/bind.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

namespace rota::sandbox {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(std::string_view text, const std::string& why) {
  throw std::invalid_argument("--bind " + std::string(text) + ": " + why);
}

// "/a//b/" gives "/a/b". What ".." means depends on symlinks, so it is not taken at all.
std::string clean_path(std::string_view text, std::string_view part) {
  const fs::path path(part);
  if (!path.is_absolute()) refuse(text, "wants absolute paths, as in /opt/tools or /opt/tools:/tools");
  if (std::find(path.begin(), path.end(), "..") != path.end()) refuse(text, "takes no \"..\"");
  fs::path clean = path.lexically_normal();
  if (!clean.has_filename() && clean.has_relative_path()) clean = clean.parent_path();
  if (clean == "/") refuse(text, "the whole of / is neither shown nor covered");
  return clean;
}

void require_visible(std::string_view text, const std::string& target) {
  for (const std::string covered : {"/work", "/tmp", "/proc", "/dev"}) {
    if (target != covered && !target.starts_with(covered + "/")) continue;
    refuse(text, target + " is hidden inside by the run's own " + covered +
                     "; name another place, as in HOST:/mnt");
  }
}

}  // namespace

Bind parse_bind(std::string_view text) {
  const auto colon = text.find(":/");
  Bind bind;
  bind.source = clean_path(text, text.substr(0, colon));
  bind.target = colon == std::string_view::npos ? bind.source : clean_path(text, text.substr(colon + 1));
  require_visible(text, bind.target);
  return bind;
}

}  // namespace rota::sandbox
