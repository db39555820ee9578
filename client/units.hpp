#pragma once
// Times as people type them, and amounts as they read them.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace rota::client {

// A duration before now ("1h", "30m", "2d"), or an instant in RFC 3339, UTC ("2026-11-23T09:00:00Z").
// Throws std::invalid_argument.
UtcTime parse_since(std::string_view text, UtcTime now);

// "1.5 MiB", "512 B".
std::string readable_size(std::uint64_t bytes);

// "1.234 s", "0.8 ms".
std::string readable_duration(std::chrono::nanoseconds duration);

// For what is not known better: "0.3 s", "12 s", "4 min", "2 h".
std::string rough_duration(std::chrono::milliseconds duration);

}  // namespace rota::client
