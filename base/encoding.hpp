#pragma once
// Bytes as text: UTF-8 validity, base64 (RFC 4648 section 4, padded) and SHA-256.

#include <optional>
#include <string>
#include <string_view>

namespace rota {

bool is_utf8(std::string_view bytes);

std::string base64_encode(std::string_view bytes);

// nullopt unless the text is canonical padded base64: no white space, no missing padding.
std::optional<std::string> base64_decode(std::string_view text);

// Lower-case hexadecimal, 64 characters.
std::string sha256_hex(std::string_view bytes);

// Whether the text could be one.
bool is_sha256(std::string_view text);

}  // namespace rota
