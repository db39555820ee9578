#include "client/harmless.hpp"

#include <fmt/format.h>
#include <utf8.h>

#include <algorithm>
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

// Of valid UTF-8.
void append_harmless(std::string& clean, std::string_view valid, std::string_view kept) {
  const char* position = valid.data();
  const char* const end = position + valid.size();
  while (position != end) {
    const char* const begin = position;
    const char32_t code = utf8::unchecked::next(position);
    const std::string_view bytes(begin, static_cast<std::size_t>(position - begin));
    const bool is_kept = bytes.size() == 1 && kept.find(bytes[0]) != std::string_view::npos;
    if (!is_kept && (is_control(code) || turns_direction(code))) {
      append_escaped(clean, bytes);
    } else {
      clean += bytes;
    }
  }
}

std::string harmless(std::string_view text, std::string_view kept) {
  std::string clean;
  while (!text.empty()) {
    const auto valid = static_cast<std::size_t>(utf8::find_invalid(text.begin(), text.end()) - text.begin());
    append_harmless(clean, text.substr(0, valid), kept);
    append_escaped(clean, text.substr(valid, 1));
    text.remove_prefix(std::min(valid + 1, text.size()));
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
