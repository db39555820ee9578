#pragma once
// Names in which one '*' may stand for any part.

#include <string_view>

namespace rota {

// Whether the whole name fits; the part may hold '/'. Without a '*' it must be the pattern itself.
inline bool fits(std::string_view name, std::string_view pattern) {
  const auto star = pattern.find('*');
  if (star == std::string_view::npos) return name == pattern;
  const auto before = pattern.substr(0, star);
  const auto after = pattern.substr(star + 1);
  return name.size() >= before.size() + after.size() && name.starts_with(before) && name.ends_with(after);
}

}  // namespace rota
