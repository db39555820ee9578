#pragma once
// Amounts as people type them on a command line.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace rota::sandbox {

// "512", "64K", "64M", "2G" (powers of 1024, also written KiB, MiB, GiB; case does not matter). nullopt for
// anything else, and for what passes 2^62.
std::optional<std::uint64_t> parse_bytes(std::string_view text);

// "1s", "1.5s", "250ms", "2m", and "3" for seconds. nullopt for anything else,
// for zero and for more than a day.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace rota::sandbox
