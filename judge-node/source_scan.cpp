#include "judge-node/source_scan.hpp"

#include <algorithm>
#include <optional>

namespace rota::node {
namespace {

void skip_blanks(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
}

// One comment or stretch of white space; false where something else stands there, such as a comment in which a backslash
// joins two lines.
bool skip_nothing(std::string_view& text) {
  const auto spaces = std::min(text.find_first_not_of(" \t\r\n\v\f"), text.size());
  if (spaces > 0) return text.remove_prefix(spaces), true;
  if (text.starts_with("/*")) {
    const auto end = text.find("*/", 2);
    if (end == std::string_view::npos || text.find('\\') < end) return false;
    return text.remove_prefix(end + 2), true;
  }
  if (!text.starts_with("//")) return false;
  const auto line = text.substr(0, text.find('\n'));
  if (line.find('\\') != std::string_view::npos) return false;
  return text.remove_prefix(line.size()), true;
}

// "#include <name>" up to the end of its line, behind which nothing but blanks may stand.
std::optional<std::string_view> take_include(std::string_view& text) {
  std::string_view rest = text;
  if (!rest.starts_with('#')) return std::nullopt;
  rest.remove_prefix(1);
  skip_blanks(rest);
  if (!rest.starts_with("include")) return std::nullopt;
  rest.remove_prefix(7);
  skip_blanks(rest);
  const auto end = rest.find_first_of(">\n");
  if (!rest.starts_with('<') || end == std::string_view::npos || rest[end] != '>') return std::nullopt;
  const auto name = rest.substr(1, end - 1);
  rest.remove_prefix(end + 1);
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r"), rest.size()));
  if (!rest.empty() && !rest.starts_with('\n') && !rest.starts_with("//") && !rest.starts_with("/*"))
    return std::nullopt;
  text = rest;
  return name;
}

}  // namespace

std::vector<std::string_view> leading_includes(std::string_view source) {
  std::vector<std::string_view> headers;
  if (source.starts_with("\xEF\xBB\xBF")) source.remove_prefix(3);
  for (;;) {
    while (!source.empty() && skip_nothing(source)) continue;
    const auto header = take_include(source);
    if (!header) return headers;
    headers.push_back(*header);
  }
}

}  // namespace rota::node
