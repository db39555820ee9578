#pragma once
// Amounts as people type them: "500ms", "1.5s", "64M", "1h", and times since when.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace rota::client {

// A number (decimals allowed) with one of ms, s, m, h, d. The unit is required: "1" alone does not say of
// what. Throws std::invalid_argument; also where it is not a whole, positive number of milliseconds, or above
// 100 years.
std::chrono::milliseconds parse_duration(std::string_view text);

// Bytes: a number (decimals allowed), alone or with K, M, G (powers of 1024), also written KiB, MiB, GiB, or
// B. Throws std::invalid_argument; also where it is not a whole, positive number of bytes, or above 2^53.
std::uint64_t parse_size(std::string_view text);

// A duration before now ("1h", "30m", "2d"), or an instant in RFC 3339, UTC ("2026-11-23T09:00:00Z").
// Throws std::invalid_argument.
UtcTime parse_since(std::string_view text, UtcTime now);

// "1.5 MiB", "512 B".
std::string readable_size(std::uint64_t bytes);

// "1.234 s", "0.8 ms".
std::string readable_duration(std::chrono::nanoseconds duration);

}  // namespace rota::client
