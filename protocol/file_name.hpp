#pragma once
// Rules for source file names that come from the network.

#include <cstddef>
#include <string_view>

namespace rota::protocol {

inline constexpr std::size_t kMaxFileNameBytes = 128;

// Throws ProtocolError{bad_file_name, where} unless the name is 1 to kMaxFileNameBytes bytes of UTF-8 without
// control characters, '/' or '\\', does not begin with '-' or '.', and is not "..".
void require_valid_file_name(std::string_view name, std::string_view where);

}  // namespace rota::protocol
