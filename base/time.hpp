#pragma once
// Wall-clock and monotonic time, and the RFC 3339 text form that events and logs use.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace rota {

using Nanoseconds = std::chrono::nanoseconds;
using UtcTime = std::chrono::sys_time<Nanoseconds>;

// An instant that is both comparable between hosts (utc) and free of clock steps on one host (monotonic).
struct Instant {
  UtcTime utc{};
  Nanoseconds monotonic{};  // CLOCK_MONOTONIC, of this host since its boot
};

Instant now();

// "2026-11-23T09:01:54.123456789Z": always UTC, always nine decimals, so that text order is time order.
std::string to_rfc3339(UtcTime time);

// Accepts exactly "YYYY-MM-DDThh:mm:ss[.fraction of 1 to 9 digits]Z" (RFC 3339 section 5.6, UTC only), years
// 1970 to 2261.
std::optional<UtcTime> from_rfc3339(std::string_view text);

}  // namespace rota
