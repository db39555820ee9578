#pragma once
// A small file's content as a whole.

#include <filesystem>
#include <string_view>

namespace rota {

// Replaces the file at once (rename(2)), so that a reader sees the old content or the new; makes its folder where there is
// none. Not synced: after a power cut the file may be empty. Throws std::system_error or std::runtime_error.
void replace_file(const std::filesystem::path& file, std::string_view text);

}  // namespace rota
