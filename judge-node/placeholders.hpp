#pragma once
// The placeholders of a language's argv; see language.hpp.

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rota::node {

struct PlaceholderValues {
  std::string_view source;
  std::string_view output;
  std::span<const std::string> arguments;
};

inline constexpr std::string_view kSourcePlaceholder = "{source}";
inline constexpr std::string_view kOutputPlaceholder = "{output}";
inline constexpr std::string_view kArgumentsPlaceholder = "{arguments}";

// argv with its placeholders filled in. What was put in is not looked at again: a file named "{output}" is
// just that.
std::vector<std::string> expand(const std::vector<std::string>& argv, const PlaceholderValues& values);

// The "{word}" parts (lower-case letters between braces) of a text, in order.
std::vector<std::string> placeholders_in(std::string_view text);

bool mentions(const std::vector<std::string>& argv, std::string_view placeholder);

}  // namespace rota::node
