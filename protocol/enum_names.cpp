#include "protocol/enum_names.hpp"

#include <array>
#include <cassert>

#include "protocol/packets.hpp"

namespace rota::protocol {
namespace {

template <typename Enum>
std::string_view name_of(Enum value) {
  const auto index = static_cast<std::size_t>(value);
  assert(index < enum_names<Enum>().size());
  return enum_names<Enum>()[index];
}

}  // namespace

template <>
std::span<const std::string_view> enum_names<ErrorCode>() {
  static constexpr std::array<std::string_view, 23> names{
      "packet_too_large",  "not_json",      "nested_too_deep", "unsupported_version",
      "unknown_type",      "missing_field", "unknown_field",   "wrong_type",
      "unknown_value",     "out_of_range",  "bad_text",        "bad_file_name",
      "unexpected_packet", "duplicate_job", "too_many_jobs",   "no_node",
      "unknown_node",      "busy",          "internal",        "unknown_job",
      "unauthenticated",   "forbidden",     "unknown_blob"};
  static_assert(names.size() == static_cast<std::size_t>(ErrorCode::unknown_blob) + 1);
  return names;
}

template <>
std::span<const std::string_view> enum_names<Verdict>() {
  static constexpr std::array<std::string_view, 10> names{"AC",  "WA",  "CE", "RTE", "TLE",
                                                          "MLE", "OLE", "SV", "IE",  "CANCELLED"};
  static_assert(names.size() == static_cast<std::size_t>(Verdict::CANCELLED) + 1);
  return names;
}

template <>
std::span<const std::string_view> enum_names<Cause>() {
  static constexpr std::array<std::string_view, 8> names{
      "exited", "signalled", "cpu_time", "wall_time", "memory", "output", "forbidden_syscall", "box_failure"};
  static_assert(names.size() == static_cast<std::size_t>(Cause::box_failure) + 1);
  return names;
}

template <>
std::span<const std::string_view> enum_names<Schedule>() {
  static constexpr std::array<std::string_view, 3> names{"random", "round-robin", "least-loaded"};
  static_assert(names.size() == static_cast<std::size_t>(Schedule::least_loaded) + 1);
  return names;
}

template <>
std::span<const std::string_view> enum_names<NodeState>() {
  static constexpr std::array<std::string_view, 4> names{"down", "up", "draining", "quarantined"};
  static_assert(names.size() == static_cast<std::size_t>(NodeState::quarantined) + 1);
  return names;
}

std::string_view to_text(ErrorCode code) {
  return name_of(code);
}
std::string_view to_text(Verdict verdict) {
  return name_of(verdict);
}
std::string_view to_text(Cause cause) {
  return name_of(cause);
}
std::string_view to_text(Schedule schedule) {
  return name_of(schedule);
}
std::string_view to_text(NodeState state) {
  return name_of(state);
}

}  // namespace rota::protocol
