#pragma once
// A small file's content as a whole.

#include <filesystem>
#include <string_view>

namespace rota {

enum class Durability {
  cached,  // after a power cut the file may be empty
  synced,  // it is the old one or the new
};

// Replaces the file at once (rename(2)), so that a reader sees the old content or the new; makes its folder where there is
// none. The new file has mode 0600. Throws std::system_error or std::runtime_error.
void replace_file(const std::filesystem::path& file, std::string_view text,
                  Durability durability = Durability::cached);

}  // namespace rota
