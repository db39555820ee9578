// to_readable(): events for people's eyes.

#include <fmt/format.h>

#include "protocol/bounds.hpp"
#include "protocol/conversion.hpp"
#include "protocol/text_rule.hpp"

namespace rota::protocol {
namespace {

std::string readable_value(const FieldValue& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  const std::string& text = std::get<std::string>(value);
  const std::string harmless = fitted(text, {kMaxEventTextBytes, Characters::line});
  const bool is_one_word = !harmless.empty() && harmless.find_first_of(" \"=") == std::string::npos;
  return is_one_word ? harmless : '"' + harmless + '"';
}

}  // namespace

std::string to_readable(const Event& event) {
  const double milliseconds = std::chrono::duration<double, std::milli>(event.offset).count();
  std::string line =
      fmt::format("{:>+12.3f} ms  {:<10}  {:<17}", milliseconds, fitted(event.host, {kMaxNameBytes}),
                  fitted(event.name, {kMaxEventNameBytes}));
  for (const auto& [name, value] : event.fields) {
    line += fmt::format("  {}={}", fitted(name, {kMaxEventNameBytes}), readable_value(value));
  }
  while (line.ends_with(' ')) line.pop_back();
  return line;
}

}  // namespace rota::protocol
