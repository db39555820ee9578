#pragma once
// Remembers what toolchains have said of themselves, so that a restart need not ask again. One JSON file: key → version.

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "judge-node/language.hpp"

namespace rota::node {

// What the answer depends on: the command, the program and its mounts, and what is installed on the host.
std::string toolchain_key(const Language& language);

class ToolchainCache {
 public:
  static constexpr std::size_t kMaxEntries = 1024;  // one more empties it

  // A file that cannot be read holds nothing.
  explicit ToolchainCache(std::filesystem::path file);

  std::optional<std::string> find(const std::string& key) const;
  void add(const std::string& key, const std::string& version);

  // Throws std::system_error or std::runtime_error. Two nodes that save at the same time lose some of what one knows.
  void save() const;

 private:
  std::filesystem::path file_;
  std::map<std::string, std::string> versions_;
};

}  // namespace rota::node
