#pragma once
// A private folder (mode 0700) that is removed with everything in it when its owner goes.

#include <filesystem>
#include <string_view>

namespace rota {

class TempDir {
 public:
  // Made below TMPDIR, or /tmp. Throws std::system_error.
  explicit TempDir(std::string_view prefix);
  TempDir(std::string_view prefix, const std::filesystem::path& parent);
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace rota
