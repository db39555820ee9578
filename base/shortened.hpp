#pragma once
// Text for a message, cut where it is too long to show.

#include <cstddef>
#include <string_view>

namespace rota {

// The beginning of text, at most `most` bytes and no part of a UTF-8 character.
inline std::string_view shortened(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  return text.substr(0, most);
}

}  // namespace rota
