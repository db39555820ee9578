#include "base/units.hpp"

#include <charconv>
#include <cmath>
#include <stdexcept>
#include <string>

namespace rota {
namespace {

struct Unit {
  std::string_view name;
  double factor;
};

constexpr Unit kDurationUnits[] = {{"ms", 1}, {"s", 1000}, {"m", 60e3}, {"h", 3600e3}, {"d", 86400e3}};
constexpr Unit kSizeUnits[] = {{"", 1},           {"B", 1},           {"K", 1024},
                               {"KiB", 1024},     {"M", 1024 << 10},  {"MiB", 1024 << 10},
                               {"G", 1024 << 20}, {"GiB", 1024 << 20}};
constexpr double kMostMilliseconds = 100 * 365.25 * 86400e3;
constexpr double kMostBytes = 9007199254740992;  // 2^53: every whole number up to here is exact in a double

// The number times its unit's factor, or NaN where the text is neither.
template <std::size_t count>
double scaled(std::string_view text, const Unit (&units)[count]) {
  double number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (error != std::errc()) return NAN;
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  for (const auto& known : units) {
    if (known.name == unit) return number * known.factor;
  }
  return NAN;
}

// 1.001 s is a hair off 1001 ms in binary.
bool is_whole_and_within(double number, double most) {
  return number >= 1 && number <= most && std::abs(std::round(number) - number) < 1e-6;
}

[[noreturn]] void refuse(std::string_view text, const char* advice) {
  throw std::invalid_argument("'" + std::string(text) + "' is not " + advice);
}

}  // namespace

std::chrono::milliseconds parse_duration(std::string_view text) {
  const double milliseconds = scaled(text, kDurationUnits);
  if (!is_whole_and_within(milliseconds, kMostMilliseconds))
    refuse(text, "a duration: give a number above 0 with ms, s, m, h or d, as in 500ms");
  return std::chrono::milliseconds(std::llround(milliseconds));
}

std::uint64_t parse_size(std::string_view text) {
  const double bytes = scaled(text, kSizeUnits);
  if (!is_whole_and_within(bytes, kMostBytes))
    refuse(text, "a size: give a number above 0 of bytes, or with K, M or G, as in 64M");
  return static_cast<std::uint64_t>(std::llround(bytes));
}

}  // namespace rota
