#include "judge-node/limit_policy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "protocol/error.hpp"

namespace rota::node {
namespace {

std::int64_t number_of(std::chrono::milliseconds value) {
  return value.count();
}
template <typename Integer>
std::uint64_t number_of(Integer value) {
  return value;
}

template <typename Value>
void override_limit(Value& limit, const std::optional<Value>& wanted, const Value& maximum,
                    const char* name) {
  if (!wanted) return;
  if (*wanted > maximum) {
    throw protocol::ProtocolError(protocol::ErrorCode::out_of_range, std::string("limits.") + name,
                                  fmt::format("{} is {}, and this node grants at most {}", name,
                                              number_of(*wanted), number_of(maximum)));
  }
  limit = *wanted;
}

}  // namespace

protocol::Limits clipped(const protocol::Limits& limits, const protocol::Limits& maxima) {
  return {
      .cpu_time = std::min(limits.cpu_time, maxima.cpu_time),
      .wall_time = std::min(limits.wall_time, maxima.wall_time),
      .memory_bytes = std::min(limits.memory_bytes, maxima.memory_bytes),
      .output_bytes = std::min(limits.output_bytes, maxima.output_bytes),
      .file_bytes = std::min(limits.file_bytes, maxima.file_bytes),
      .processes = std::min(limits.processes, maxima.processes),
  };
}

protocol::Limits effective_limits(const protocol::Limits& defaults, const protocol::LimitOverrides& overrides,
                                  const protocol::Limits& maxima) {
  protocol::Limits limits = clipped(defaults, maxima);
  override_limit(limits.cpu_time, overrides.cpu_time, maxima.cpu_time, "cpu_time_ms");
  if (overrides.cpu_time)
    limits.wall_time = std::min(std::max(limits.wall_time, 2 * limits.cpu_time), maxima.wall_time);
  override_limit(limits.wall_time, overrides.wall_time, maxima.wall_time, "wall_time_ms");
  override_limit(limits.memory_bytes, overrides.memory_bytes, maxima.memory_bytes, "memory_bytes");
  override_limit(limits.output_bytes, overrides.output_bytes, maxima.output_bytes, "output_bytes");
  override_limit(limits.file_bytes, overrides.file_bytes, maxima.file_bytes, "file_bytes");
  override_limit(limits.processes, overrides.processes, maxima.processes, "processes");
  return limits;
}

}  // namespace rota::node
