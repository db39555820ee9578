#include "client/units.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "base/units.hpp"

namespace rota::client {

UtcTime parse_since(std::string_view text, UtcTime now) {
  if (const auto instant = from_rfc3339(text)) return *instant;
  try {
    return now - parse_duration(text);
  } catch (const std::invalid_argument&) {
    throw std::invalid_argument(fmt::format(
        "'{}' is neither a duration (30m, 1h, 2d) nor a time in UTC (2026-11-23T09:00:00Z)", text));
  }
}

std::string readable_size(std::uint64_t bytes) {
  if (bytes < 1024) return fmt::format("{} B", bytes);
  double amount = static_cast<double>(bytes) / 1024;
  std::string_view unit = "KiB";
  for (std::string_view larger : {"MiB", "GiB"}) {
    if (amount < 1024) break;
    amount /= 1024;
    unit = larger;
  }
  return fmt::format("{:.1f} {}", amount, unit);
}

std::string readable_duration(std::chrono::nanoseconds duration) {
  const auto nanoseconds = static_cast<double>(duration.count());
  if (nanoseconds < 1e9) return fmt::format("{:.1f} ms", nanoseconds / 1e6);
  return fmt::format("{:.3f} s", nanoseconds / 1e9);
}

std::string rough_duration(std::chrono::milliseconds duration) {
  const double seconds = static_cast<double>(duration.count()) / 1000;
  if (seconds < 10) return fmt::format("{:.1f} s", seconds);
  if (seconds < 120) return fmt::format("{:.0f} s", seconds);
  return seconds < 7200 ? fmt::format("{:.0f} min", seconds / 60) : fmt::format("{:.0f} h", seconds / 3600);
}

}  // namespace rota::client
