// The box links no JSON library: it writes one flat object, and it shall stay small.

#include "sandbox/report_text.hpp"

#include <array>
#include <cstdio>

namespace rota::sandbox {
namespace {

std::string milliseconds(std::chrono::nanoseconds time) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3f", static_cast<double>(time.count()) / 1e6);
  return text.data();
}

const char* truth(bool value) {
  return value ? "true" : "false";
}

}  // namespace

std::string quote_json(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (static_cast<unsigned char>(c) >= 0x20) {
      quoted += c;
      continue;
    }
    std::array<char, 8> escape{};
    std::snprintf(escape.data(), escape.size(), "\\u%04x", static_cast<unsigned>(c));
    quoted += escape.data();
  }
  return quoted + '"';
}

std::string_view cause_name(protocol::Cause cause) {
  constexpr std::array<std::string_view, 8> kNames{"exited", "signalled", "cpu_time",          "wall_time",
                                                   "memory", "output",    "forbidden_syscall", "box_failure"};
  return kNames.at(static_cast<std::size_t>(cause));
}

std::string to_json(const protocol::StepReport& report) {
  std::string json = "{\"cause\":" + quote_json(cause_name(report.cause));
  const auto add = [&](const char* name, const std::string& value) {
    json += ",\"" + std::string(name) + "\":" + value;
  };
  if (report.exit_code) add("exit_code", std::to_string(*report.exit_code));
  if (report.signal) add("signal", std::to_string(*report.signal));
  add("cpu_time_ms", milliseconds(report.cpu_time));
  add("wall_time_ms", milliseconds(report.wall_time));
  add("memory_bytes", std::to_string(report.memory_bytes));
  add("memory_basis", quote_json(report.memory_basis));
  add("stdout_bytes", std::to_string(report.stdout_bytes));
  add("stderr_bytes", std::to_string(report.stderr_bytes));
  add("stdout_cut", truth(report.stdout_cut));
  add("stderr_cut", truth(report.stderr_cut));
  add("process_limit_hit", truth(report.process_limit_hit));
  add("detail", quote_json(report.detail));
  return json + "}";
}

}  // namespace rota::sandbox
