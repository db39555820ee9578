#pragma once
// Durations and sizes of the command line, as a person types them: "2s", "64M".

#include <fmt/format.h>

#include <optional>
#include <stdexcept>
#include <string>

#include "base/units.hpp"
#include "client/client_error.hpp"
#include "client/exit_status.hpp"

namespace rota::client {

// The value as typed, converted and held against what the wire takes; nullopt where the flag was not given.
template <typename Parse, typename Value>
std::optional<Value> typed_amount(const char* flag, const std::string& text, Parse parse, Value most,
                                  const char* most_text) {
  if (text.empty()) return std::nullopt;
  try {
    const Value value = parse(text);
    if (value <= most) return value;
  } catch (const std::invalid_argument& error) {
    throw ClientError(kUsage, fmt::format("{}: {}", flag, error.what()));
  }
  throw ClientError(kUsage, fmt::format("{}: '{}' is too much; {} is the most", flag, text, most_text));
}

}  // namespace rota::client
