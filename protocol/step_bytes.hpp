#pragma once
// A step's limits and its report as bytes (base/byte_fields.hpp), their fields in the struct's order: what travels
// between a box and its node, and what a node keeps on disk. A change here needs a new version of both: sandbox/message.cpp,
// judge-node/program_store_format.cpp.

#include "base/byte_fields.hpp"
#include "protocol/limits.hpp"
#include "protocol/step_report.hpp"

namespace rota::protocol {

// What reads throws BadBytes.

inline constexpr std::size_t kMaxWordsBytes = 4 << 10;  // names, reasons and details for people

inline void put_words(ByteWriter& writer, std::string_view words) {
  writer.put_text(words.substr(0, kMaxWordsBytes));
}

inline void put_optional_number(ByteWriter& writer, std::optional<int> number) {
  writer.put(static_cast<std::uint8_t>(number.has_value()));
  writer.put(static_cast<std::int32_t>(number.value_or(0)));
}

inline std::optional<int> get_optional_number(ByteReader& reader) {
  const bool present = reader.get_bool();
  const auto number = reader.get<std::int32_t>();
  return present ? std::optional<int>(number) : std::nullopt;
}

inline void put_limits(ByteWriter& writer, const Limits& limits) {
  writer.put(static_cast<std::int64_t>(limits.cpu_time.count()));
  writer.put(static_cast<std::int64_t>(limits.wall_time.count()));
  writer.put(limits.memory_bytes);
  writer.put(limits.output_bytes);
  writer.put(limits.file_bytes);
  writer.put(limits.processes);
}

inline Limits get_limits(ByteReader& reader) {
  Limits limits;
  limits.cpu_time = std::chrono::milliseconds(reader.get<std::int64_t>());
  limits.wall_time = std::chrono::milliseconds(reader.get<std::int64_t>());
  limits.memory_bytes = reader.get<std::uint64_t>();
  limits.output_bytes = reader.get<std::uint64_t>();
  limits.file_bytes = reader.get<std::uint64_t>();
  limits.processes = reader.get<std::uint32_t>();
  return limits;
}

inline void put_report(ByteWriter& writer, const StepReport& report) {
  writer.put(static_cast<std::uint8_t>(report.cause));
  put_optional_number(writer, report.exit_code);
  put_optional_number(writer, report.signal);
  writer.put(static_cast<std::int64_t>(report.cpu_time.count()));
  writer.put(static_cast<std::int64_t>(report.wall_time.count()));
  writer.put(report.memory_bytes);
  put_words(writer, report.memory_basis);
  writer.put(report.stdout_bytes);
  writer.put(report.stderr_bytes);
  for (const bool flag : {report.stdout_cut, report.stderr_cut, report.process_limit_hit}) {
    writer.put(static_cast<std::uint8_t>(flag));
  }
  put_words(writer, report.detail);
}

inline StepReport get_report(ByteReader& reader) {
  StepReport report;
  const auto cause = reader.get<std::uint8_t>();
  if (cause > static_cast<std::uint8_t>(Cause::box_failure)) throw BadBytes("unknown cause");
  report.cause = static_cast<Cause>(cause);
  report.exit_code = get_optional_number(reader);
  report.signal = get_optional_number(reader);
  report.cpu_time = std::chrono::nanoseconds(reader.get<std::int64_t>());
  report.wall_time = std::chrono::nanoseconds(reader.get<std::int64_t>());
  report.memory_bytes = reader.get<std::uint64_t>();
  report.memory_basis = reader.get_text(kMaxWordsBytes);
  report.stdout_bytes = reader.get<std::uint64_t>();
  report.stderr_bytes = reader.get<std::uint64_t>();
  for (bool* flag : {&report.stdout_cut, &report.stderr_cut, &report.process_limit_hit})
    *flag = reader.get_bool();
  report.detail = reader.get_text(kMaxWordsBytes);
  return report;
}

}  // namespace rota::protocol
