#pragma once
// Which limits a run gets: the language's defaults, overridden by the submission, within the node's maxima.

#include "protocol/limits.hpp"

namespace rota::node {

// What the node grants at most; the administrator's choice.
inline constexpr protocol::Limits kDefaultMaxima{
    .cpu_time = std::chrono::minutes(1),
    .wall_time = std::chrono::minutes(2),
    .memory_bytes = 2ull << 30,
    .output_bytes = 16ull << 20,
    .file_bytes = 1ull << 30,
    .processes = 256,
};

// Each limit's smaller one.
protocol::Limits clipped(const protocol::Limits& limits, const protocol::Limits& maxima);

// Defaults above a maximum are clipped; an override above it is refused with ProtocolError{out_of_range} that
// names the maximum. A submission that names cpu_time alone gets at least twice that as wall_time, since it
// would otherwise end by a clock that it did not set.
protocol::Limits effective_limits(const protocol::Limits& defaults, const protocol::LimitOverrides& overrides,
                                  const protocol::Limits& maxima);

}  // namespace rota::node
