#include "base/temp_dir.hpp"

#include <stdlib.h>

#include <string>
#include <system_error>

namespace rota {

TempDir::TempDir(std::string_view prefix) : TempDir(prefix, std::filesystem::temp_directory_path()) {}

TempDir::TempDir(std::string_view prefix, const std::filesystem::path& parent) {
  std::string name = (parent / prefix).string() + "XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) {
    throw std::system_error(errno, std::generic_category(), "make temporary folder " + name);
  }
  path_ = name;
}

TempDir::~TempDir() {
  std::error_code ignored;  // a destructor has nobody to tell
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace rota
