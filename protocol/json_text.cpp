#include "protocol/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace rota::protocol {
namespace {

// RFC 8259, section 7. A lambda, so that the search for them is compiled as one loop.
constexpr auto is_escaped = [](char c) {
  return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
};

void append_escaped(std::string& text, char c) {
  constexpr std::string_view named = "\"\\\b\f\n\r\t", names = "\"\\bfnrt";
  const auto at = named.find(c);
  if (at != std::string_view::npos) {
    text += {'\\', names[at]};
  } else {
    fmt::format_to(std::back_inserter(text), "\\u{:04x}", static_cast<unsigned>(c));
  }
}

}  // namespace

void JsonText::string(std::string_view utf8) {
  separate();
  text_ += '"';
  while (true) {
    const auto escaped = std::find_if(utf8.begin(), utf8.end(), is_escaped);
    text_.append(utf8.begin(), escaped);
    if (escaped == utf8.end()) break;
    append_escaped(text_, *escaped);
    utf8.remove_prefix(static_cast<std::size_t>(escaped - utf8.begin()) + 1);
  }
  text_ += '"';
}

}  // namespace rota::protocol
