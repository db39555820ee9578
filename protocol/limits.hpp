#pragma once
// What one run may use. A submission may override each, up to the node's maxima.

#include <chrono>
#include <cstdint>
#include <optional>

namespace rota::protocol {

struct Limits {
  std::chrono::milliseconds cpu_time{10'000};   // all processes and threads together
  std::chrono::milliseconds wall_time{20'000};  // from exec to the last process's end
  std::uint64_t memory_bytes = 512ull << 20;    // RAM and page cache of files in the box
  std::uint64_t output_bytes = 4ull << 20;      // each of stdout and stderr; what is past it ends the run
  std::uint64_t file_bytes = 64ull << 20;       // what may be written to each of /work and /tmp
  std::uint32_t processes = 64;                 // processes and threads

  bool operator==(const Limits&) const = default;
};

// The part of Limits that a submission names; what is absent keeps the language's default.
struct LimitOverrides {
  std::optional<std::chrono::milliseconds> cpu_time, wall_time;
  std::optional<std::uint64_t> memory_bytes, output_bytes, file_bytes;
  std::optional<std::uint32_t> processes;

  bool operator==(const LimitOverrides&) const = default;
};

// What the wire accepts, whatever a node's configuration says. kMaxPacketBytes rests on the output bound.
inline constexpr Limits kWireMaxima{
    .cpu_time = std::chrono::hours(1),
    .wall_time = std::chrono::hours(1),
    .memory_bytes = 64ull << 30,
    .output_bytes = 16ull << 20,
    .file_bytes = 4ull << 30,
    .processes = 4096,
};

// The least that the wire accepts: below these nothing could run (a tmpfs of size 0 would even be unbounded).
inline constexpr Limits kWireMinima{
    .cpu_time = std::chrono::milliseconds(1),
    .wall_time = std::chrono::milliseconds(1),
    .memory_bytes = 1ull << 20,
    .output_bytes = 0,
    .file_bytes = 4096,
    .processes = 1,
};

}  // namespace rota::protocol
