#include "protocol/text_rule.hpp"

#include <utf8.h>

#include <algorithm>
#include <iterator>

#include "base/encoding.hpp"

namespace rota::protocol {
namespace {

// U+0080 to U+009F are control characters as well; terminals may take U+009B as
// the start of an escape sequence.
bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

bool is_allowed(char32_t c, Characters characters) {
  switch (characters) {
    case Characters::any_but_nul:
      return c != 0;
    case Characters::lines:
      return !is_control(c) || c == '\n' || c == '\t';
    case Characters::line:
      return !is_control(c);
  }
  return false;
}

bool is_printable_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool is_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xc0) == 0x80;
}

// The longest beginning of UTF-8 text that is at most max_bytes and ends between
// characters (of at most four bytes).
std::string_view cut(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  std::size_t end = max_bytes;
  for (int i = 0; i < 3 && end > 0 && is_continuation(text[end]); ++i) --end;
  return text.substr(0, end);
}

}  // namespace

bool has_only(std::string_view text, Characters characters) {
  for (auto at = text.begin(); at != text.end();) {
    if (!is_allowed(utf8::unchecked::next(at), characters)) return false;
  }
  return true;
}

std::string as_utf8(std::string_view text) {
  if (is_utf8(text)) return std::string(text);
  std::string valid;
  utf8::replace_invalid(text.begin(), text.end(), std::back_inserter(valid));
  return valid;
}

std::string fitted(std::string_view text, const TextRule& rule) {
  if (text.size() <= rule.max_bytes && is_printable_ascii(text))
    return std::string(text);                                    // passes every rule
  const std::string valid = as_utf8(cut(text, rule.max_bytes));  // first, so that the cost is bounded too
  std::string kept;
  for (auto at = valid.begin(); at != valid.end();) {
    const auto begin = at;
    if (is_allowed(utf8::unchecked::next(at), rule.characters)) {
      kept.append(begin, at);
    } else {
      kept += '?';
    }
  }
  return std::string(cut(kept, rule.max_bytes));
}

std::string in_quotes(std::string_view text, std::size_t max_bytes) {
  return '"' + fitted(text, {max_bytes, Characters::line}) + (text.size() > max_bytes ? "…\"" : "\"");
}

}  // namespace rota::protocol
