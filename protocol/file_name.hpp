#pragma once
// Rules for source file names that come from the network.

#include <cstddef>
#include <string_view>
#include <vector>

namespace rota::protocol {

inline constexpr std::size_t kMaxFileNameBytes = 128;

// Throws ProtocolError{bad_file_name, where} unless the name is 1 to kMaxFileNameBytes bytes of UTF-8 without
// control characters, '/' or '\\', and does not begin with '-', '.', '@' or '+', by which tools know options, hidden files and
// files of further arguments.
void require_valid_file_name(std::string_view name, std::string_view where);

// Of a file of a project: such names with '/' between them, at most kMaxFolders folders and kMaxFilePathBytes bytes.
inline constexpr std::size_t kMaxFilePathBytes = 200;
inline constexpr std::size_t kMaxFolders = 8;
void require_valid_file_path(std::string_view path, std::string_view where);

// Throws likewise where two of the paths cannot stand in one folder: the same twice, or one that is another's folder.
void require_separate_places(const std::vector<std::string_view>& paths, std::string_view where);

}  // namespace rota::protocol
