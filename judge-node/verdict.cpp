#include "judge-node/verdict.hpp"

#include <fmt/format.h>
#include <string.h>  // sigabbrev_np is GNU's

#include <algorithm>
#include <array>
#include <utility>

namespace rota::node {
namespace {

using protocol::Cause;
using protocol::Limits;
using protocol::StepReport;
using protocol::Verdict;

std::string readable_time(std::chrono::nanoseconds time) {
  return fmt::format("{:.0f} ms", static_cast<double>(time.count()) / 1e6);
}

std::string signal_text(int signal) {
  const char* name = ::sigabbrev_np(signal);
  return name == nullptr ? fmt::format("signal {}", signal) : fmt::format("signal {} (SIG{})", signal, name);
}

std::string cut_streams(const StepReport& report) {
  if (report.stdout_cut && report.stderr_cut) return "stdout and to stderr";
  return report.stderr_cut ? "stderr" : "stdout";
}

std::string explain_exit(const StepReport& report) {
  const int code = report.exit_code.value_or(0);
  return code == 0 ? "" : fmt::format("ended with exit code {}", code);
}

std::string explain_cause(const StepReport& report, const Limits& limits) {
  switch (report.cause) {
    case Cause::exited:
      return explain_exit(report);
    case Cause::signalled:
      return "ended by " + signal_text(report.signal.value_or(0));
    case Cause::cpu_time:
      return fmt::format("CPU time limit of {} ms passed after {} of CPU time", limits.cpu_time.count(),
                         readable_time(report.cpu_time));
    case Cause::wall_time:
      return fmt::format("wall time limit of {} ms passed after {}", limits.wall_time.count(),
                         readable_time(report.wall_time));
    case Cause::memory:
      return fmt::format("memory limit of {} reached", readable_bytes(limits.memory_bytes));
    case Cause::output:
      return fmt::format("wrote more than {} to {} after {}", readable_bytes(limits.output_bytes),
                         cut_streams(report), readable_time(report.wall_time));
    case Cause::forbidden_syscall:
      return report.detail.empty() ? "made a forbidden system call" : report.detail;
    case Cause::box_failure:
      return "the sandbox failed: " + (report.detail.empty() ? "no reason given" : report.detail);
  }
  return "";
}

}  // namespace

bool succeeded(const StepReport& report) {
  return report.cause == Cause::exited && report.exit_code == 0;
}

Verdict verdict_of_compile(const StepReport& report) {
  if (succeeded(report)) return Verdict::AC;
  return report.cause == Cause::box_failure ? Verdict::IE : Verdict::CE;
}

Verdict verdict_of_run(const StepReport& report) {
  switch (report.cause) {
    case Cause::exited:
      return report.exit_code == 0 ? Verdict::AC : Verdict::RTE;
    case Cause::signalled:
      return Verdict::RTE;
    case Cause::cpu_time:
    case Cause::wall_time:
      return Verdict::TLE;
    case Cause::memory:
      return Verdict::MLE;
    case Cause::output:
      return Verdict::OLE;
    case Cause::forbidden_syscall:
      return Verdict::SV;
    case Cause::box_failure:
      return Verdict::IE;
  }
  return Verdict::IE;
}

std::optional<int> returncode_of(const StepReport& report) {
  if (report.cause == Cause::box_failure) return std::nullopt;
  if (report.signal) return 128 + *report.signal;
  return report.exit_code;
}

bool says_out_of_memory(const StepReport& report, std::string_view stderr_bytes,
                        const std::vector<std::string>& texts) {
  const bool ended_badly =
      report.cause == Cause::signalled || (report.cause == Cause::exited && report.exit_code != 0);
  return ended_badly && std::any_of(texts.begin(), texts.end(), [&](const std::string& text) {
           return stderr_bytes.find(text) != std::string_view::npos;
         });
}

std::string_view limit_hit(const StepReport& report) {
  switch (report.cause) {
    case Cause::cpu_time:
      return "cpu_time";
    case Cause::wall_time:
      return "wall_time";
    case Cause::memory:
      return "memory";
    case Cause::output:
      return "output";
    default:
      return "";
  }
}

std::string explain(const StepReport& report, const Limits& limits) {
  std::string text = explain_cause(report, limits);
  if (text.empty()) return text;
  const bool cut = report.stdout_cut || report.stderr_cut;
  if (cut && report.cause != Cause::output)
    text +=
        fmt::format("; wrote more than {} to {}", readable_bytes(limits.output_bytes), cut_streams(report));
  if (report.process_limit_hit)
    text += fmt::format("; the limit of {} processes was reached", limits.processes);
  return text;
}

std::string readable_bytes(std::uint64_t bytes) {
  constexpr std::array<std::pair<int, const char*>, 3> kUnits{{{30, "GiB"}, {20, "MiB"}, {10, "KiB"}}};
  for (const auto& [shift, unit] : kUnits) {
    const std::uint64_t size = 1ull << shift;
    if (bytes >= size && bytes % size == 0) return fmt::format("{} {}", bytes / size, unit);
  }
  return fmt::format("{} bytes", bytes);
}

}  // namespace rota::node
