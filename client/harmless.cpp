#include "client/harmless.hpp"

#include <fmt/format.h>
#include <utf8.h>

#include <iterator>

namespace rota::client {
namespace {

bool is_control(char32_t code) {
  return code < 0x20 || (code >= 0x7f && code <= 0x9f);
}

bool turns_direction(char32_t code) {
  return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) || code == 0x200e ||
         code == 0x200f || code == 0x061c;
}

void append_escaped(std::string& text, std::string_view bytes) {
  for (unsigned char byte : bytes) fmt::format_to(std::back_inserter(text), "\\x{:02x}", byte);
}

std::string harmless(std::string_view text, std::string_view kept) {
  std::string clean;
  const char* position = text.data();
  const char* const end = position + text.size();
  while (position != end) {
    const char* const begin = position;
    char32_t code = 0;
    try {
      code = utf8::next(position, end);
    } catch (const utf8::exception&) {
      position = begin + 1;
      append_escaped(clean, {begin, 1});
      continue;
    }
    const std::string_view bytes(begin, static_cast<std::size_t>(position - begin));
    const bool is_kept = bytes.size() == 1 && kept.find(bytes[0]) != std::string_view::npos;
    if (!is_kept && (is_control(code) || turns_direction(code))) {
      append_escaped(clean, bytes);
    } else {
      clean += bytes;
    }
  }
  return clean;
}

}  // namespace

std::string harmless_line(std::string_view text) {
  return harmless(text, "");
}

std::string harmless_text(std::string_view text) {
  return harmless(text, "\n\t");
}

}  // namespace rota::client
