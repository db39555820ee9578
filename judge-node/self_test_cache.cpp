#include "judge-node/self_test_cache.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/check.hpp"
#include "base/replace_file.hpp"

namespace rota::node {
namespace {

namespace fs = std::filesystem;

constexpr int kKeyFormat = 1;

std::optional<std::string> identity_of(const fs::path& path) {
  std::error_code problem;
  const fs::path resolved = fs::canonical(path, problem);
  struct stat status {};
  if (problem || ::stat(resolved.c_str(), &status) != 0) return std::nullopt;
  return fmt::format("{} {} {}.{:09} {}", resolved.string(), status.st_size, status.st_mtim.tv_sec,
                     status.st_mtim.tv_nsec, status.st_ino);
}

fs::path attacks_beside(const fs::path& box) {
  std::error_code problem;
  return fs::canonical(box, problem).parent_path() / ROTA_LIBEXEC_FROM_BIN / "rota-attacks";
}

}  // namespace

std::optional<std::string> self_test_key(const fs::path& box, const std::vector<std::string>& flags,
                                         const std::vector<sandbox::Layer>& layers) {
  const auto program = identity_of(box);
  const auto attacks = identity_of(attacks_beside(box));
  if (!program || !attacks) return std::nullopt;
  utsname kernel{};
  check(::uname(&kernel), "ask for the kernel's version");
  std::vector<std::string> standing;
  for (const sandbox::Layer& layer : layers) {
    if (layer.active) standing.push_back(layer.name);
  }
  const auto key = nlohmann::json::array(
      {kKeyFormat, kernel.release, kernel.version, ::geteuid(), *program, *attacks, flags, standing});
  return key.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);  // one line
}

std::vector<std::string> SelfTestCache::read() const {
  std::vector<std::string> keys;
  std::ifstream stream(file_);
  for (std::string line; keys.size() < kMaxKeys && std::getline(stream, line);) keys.push_back(line);
  return keys;
}

bool SelfTestCache::holds(const std::string& key) const {
  const auto keys = read();
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

void SelfTestCache::add(const std::string& key) const {
  std::string text = key + "\n";
  auto keys = read();
  keys.resize(std::min(keys.size(), kMaxKeys - 1));  // newest first
  for (const std::string& other : keys) {
    if (other != key) text += other + "\n";
  }
  replace_file(file_, text);
}

}  // namespace rota::node
