#pragma once
// The text forms of the enumerations on the wire: one table each, in the enumeration's order.

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace rota::protocol {

// All text forms of an enumeration; the position is the enumerator's value. Defined for ErrorCode, Verdict,
// Cause and Schedule.
template <typename Enum>
std::span<const std::string_view> enum_names();

template <typename Enum>
std::optional<Enum> enum_from_text(std::string_view text) {
  const auto names = enum_names<Enum>();
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == text) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace rota::protocol
