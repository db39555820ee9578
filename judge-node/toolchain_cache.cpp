#include "judge-node/toolchain_cache.hpp"

#include <fstream>
#include <nlohmann/json.hpp>

#include "base/encoding.hpp"
#include "base/replace_file.hpp"
#include "judge-node/toolchain.hpp"

namespace rota::node {
namespace {

constexpr auto kReplace = nlohmann::json::error_handler_t::replace;

}  // namespace

std::string toolchain_key(const Language& language) {
  const auto program =
      language.version.empty() ? "" : file_identity(host_path_of(language.version.front(), language.mounts));
  const auto key = nlohmann::json::array({language.version, language.mounts, program, packages_identity()});
  return sha256_hex(key.dump(-1, ' ', true, kReplace));
}

ToolchainCache::ToolchainCache(std::filesystem::path file) : file_(std::move(file)) {
  std::ifstream stream(file_);
  const auto document = nlohmann::json::parse(stream, nullptr, false);
  if (!document.is_object()) return;
  for (const auto& [key, version] : document.items()) {
    if (version.is_string() && versions_.size() < kMaxEntries)
      versions_.emplace(key, version.get<std::string>());
  }
}

std::optional<std::string> ToolchainCache::find(const std::string& key) const {
  const auto found = versions_.find(key);
  return found == versions_.end() ? std::nullopt : std::optional(found->second);
}

void ToolchainCache::add(const std::string& key, const std::string& version) {
  if (versions_.size() >= kMaxEntries) versions_.clear();
  versions_[key] = version;
}

void ToolchainCache::save() const {
  replace_file(file_, nlohmann::json(versions_).dump(1, ' ', true, kReplace) + "\n");
}

}  // namespace rota::node
