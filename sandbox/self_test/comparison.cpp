#include "sandbox/self_test/comparison.hpp"

#include "sandbox/report_text.hpp"

namespace rota::sandbox {
namespace {

constexpr std::string_view kNone = "none";

template <typename Number>
std::string text_of(const std::optional<Number>& value) {
  return value ? std::to_string(*value) : std::string(kNone);
}

// The words between the first of `before` and the `after` that follows it.
std::string between(const std::string& text, std::string_view before, std::string_view after) {
  const auto start = text.find(before);
  if (start == std::string::npos) return std::string(kNone);
  const auto end = text.find(after, start + before.size());
  if (end == std::string::npos) return std::string(kNone);
  return text.substr(start + before.size(), end - start - before.size());
}

Settings describe(const RunReply& reply) {
  const protocol::StepReport& report = reply.report;
  return {{"cause", std::string(cause_name(report.cause))},
          {"exit", text_of(report.exit_code)},
          {"signal", text_of(report.signal)},
          {"syscall", between(report.detail, "forbidden system call ", "(")},
          {"stdout_bytes", std::to_string(report.stdout_bytes)},
          {"stderr_bytes", std::to_string(report.stderr_bytes)},
          {"stdout_cut", std::to_string(report.stdout_cut)},
          {"stderr_cut", std::to_string(report.stderr_cut)},
          {"process_limit_hit", std::to_string(report.process_limit_hit)},
          {"outputs", std::to_string(reply.outputs.size())},
          {"refused", between(report.detail, "output file ", " is not a regular file")},
          {"too_big", between(report.detail, "output file ", " passes the bound")}};
}

// expected: alternatives, as in "ptrace|none".
bool is_one_of(const std::string& expected, const std::string& seen) {
  return ("|" + expected + "|").find("|" + seen + "|") != std::string::npos;
}

}  // namespace

std::vector<std::string> compare(const Settings& expected, const RunReply& reply) {
  std::vector<std::string> problems;
  Settings wanted = expected;
  if (wanted.empty()) problems.emplace_back("the program's head names no outcome");
  wanted.emplace("outputs", "0");
  const Settings seen = describe(reply);
  for (const auto& [key, value] : wanted) {
    const auto found = seen.find(key);
    if (found == seen.end()) {
      problems.push_back("unknown expectation " + key);
    } else if (!is_one_of(value, found->second)) {
      problems.push_back(key + ": expected " + value + ", was " + found->second);
    }
  }
  if (!problems.empty() && !reply.report.detail.empty()) {
    problems.push_back("the box says: " + reply.report.detail);
  }
  return problems;
}

}  // namespace rota::sandbox
