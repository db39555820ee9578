#include "sandbox/units.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>

namespace rota::sandbox {
namespace {

constexpr std::uint64_t kMaxParsedBytes = 1ull << 62;
constexpr double kMaxMilliseconds = 24.0 * 60 * 60 * 1000;

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower;
}

std::optional<unsigned> shift_of(std::string_view unit) {
  if (unit.empty() || unit == "b") return 0;
  for (const auto& [letter, shift] : {std::pair{'k', 10u}, {'m', 20u}, {'g', 30u}}) {
    const std::string single(1, letter);
    if (unit == single || unit == single + "b" || unit == single + "ib") return shift;
  }
  return std::nullopt;
}

std::optional<double> milliseconds_in(std::string_view unit) {
  if (unit == "ms") return 1;
  if (unit.empty() || unit == "s") return 1'000;
  if (unit == "m" || unit == "min") return 60'000;
  return std::nullopt;
}

// A number at the front, and what follows it.
template <typename Number>
std::optional<std::pair<Number, std::string_view>> split(const std::string& text) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{}) return std::nullopt;
  return std::pair(number, std::string_view(rest, static_cast<std::size_t>(end - rest)));
}

}  // namespace

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
  const std::string lower = lower_case(text);
  const auto parts = split<std::uint64_t>(lower);
  if (!parts) return std::nullopt;
  const auto shift = shift_of(parts->second);
  if (!shift || parts->first > kMaxParsedBytes >> *shift) return std::nullopt;
  return parts->first << *shift;
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const std::string lower = lower_case(text);
  const auto parts = split<double>(lower);
  if (!parts || !std::isfinite(parts->first)) return std::nullopt;
  const auto unit = milliseconds_in(parts->second);
  if (!unit) return std::nullopt;
  const double milliseconds = std::round(parts->first * *unit);
  if (milliseconds < 1 || milliseconds > kMaxMilliseconds) return std::nullopt;
  return std::chrono::milliseconds(static_cast<std::int64_t>(milliseconds));
}

}  // namespace rota::sandbox
