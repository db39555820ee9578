#pragma once
// Amounts as people type them, the same in every program and file: "500ms", "1.5s", "64M".

#include <chrono>
#include <cstdint>
#include <string_view>

namespace rota {

// A number (decimals allowed) with one of ms, s, m, h, d. The unit is required: "1" alone does not say of
// what. Throws std::invalid_argument; also where it is not a whole, positive number of milliseconds, or above
// 100 years.
std::chrono::milliseconds parse_duration(std::string_view text);

// Bytes: a number (decimals allowed), alone or with K, M, G (powers of 1024), also written KiB, MiB, GiB, or B.
// Throws std::invalid_argument; also where it is not a whole, positive number of bytes, or above 2^53.
std::uint64_t parse_size(std::string_view text);

}  // namespace rota
