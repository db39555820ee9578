#include "client/report.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "client/console.hpp"
#include "client/exit_status.hpp"
#include "client/harmless.hpp"
#include "client/units.hpp"
#include "protocol/conversion.hpp"

namespace rota::client {
namespace {

using protocol::Result;
using protocol::StepReport;
using protocol::Verdict;

// The step that the verdict speaks of.
const StepReport* decisive_step(const Result& result) {
  if (result.verdict == Verdict::CE || !result.run) return result.compile ? &*result.compile : nullptr;
  return &*result.run;
}

// The node's own words, where the verdict does not say all.
std::string how_it_ended(const Result& result) {
  if (!result.message.empty() || !result.returncode) return result.message;
  return fmt::format("exit code {}", *result.returncode);
}

std::string usage_text(const StepReport& step) {
  std::string text = fmt::format("{} CPU, {} wall, {}", readable_duration(step.cpu_time),
                                 readable_duration(step.wall_time), readable_size(step.memory_bytes));
  if (step.stdout_cut) text += fmt::format("; stdout was cut after {}", readable_size(step.stdout_bytes));
  if (step.stderr_cut) text += fmt::format("; stderr was cut after {}", readable_size(step.stderr_bytes));
  return text;
}

void append_part(std::string& line, std::string_view separator, const std::string& part) {
  if (part.empty()) return;
  line += separator;
  line += part;
}

void print_lines(const std::string& text) {
  if (text.empty()) return;
  const auto clean = harmless_text(text);
  write_all(STDERR_FILENO, clean.back() == '\n' ? clean : clean + "\n");
}

void print_output(const Result& result, const ReportOptions& options) {
  const bool refused = result.verdict == Verdict::CE;
  if (refused || !options.quiet) {
    print_lines(refused && result.compiler_output.empty() ? result.stderr_bytes : result.compiler_output);
  }
  if (refused) return;
  write_all(STDOUT_FILENO, result.stdout_bytes);
  write_all(STDERR_FILENO, result.stderr_bytes);
}

// Our line begins at a line's beginning also where the program's stderr did not end with a newline.
void end_line_of(const std::string& stderr_bytes) {
  if (!stderr_bytes.empty() && stderr_bytes.back() != '\n' && ::isatty(STDERR_FILENO) == 1) {
    write_all(STDERR_FILENO, "\n");
  }
}

}  // namespace

void Timeline::show(const protocol::Event& event) {
  // Peers of version 1 do not number their events.
  const auto which = event.sequence > 0 ? fmt::format("{} {}", event.attempt, event.sequence)
                                        : to_rfc3339(event.time) + ' ' + event.name;
  if (!shown_.insert(event.host + '\n' + which).second) return;
  write_all(STDERR_FILENO, coloured(harmless_line(protocol::to_readable(event)), Colour::dim) + "\n");
}

std::string verdict_line(const Result& result) {
  std::string line(protocol::to_text(result.verdict));
  append_part(line, ": ", how_it_ended(result));
  if (const auto* step = decisive_step(result)) append_part(line, "; ", usage_text(*step));
  const bool unsaid = result.message.empty() && result.run && result.run->process_limit_hit;
  if (unsaid) append_part(line, "; ", "hit its process limit");
  // Where nothing ran there is no language, and the message names the node.
  if (!result.language.empty()) line += fmt::format("; {} on {}", result.language, result.node);
  return harmless_line(line);
}

int report_result(const Result& result, const ReportOptions& options, Timeline& timeline) {
  if (options.events) {
    for (const auto& event : result.events) timeline.show(event);
  }
  if (options.json) {
    write_all(STDOUT_FILENO, protocol::to_json(result) + "\n");
    return exit_status_of(result);
  }
  print_output(result, options);
  const bool accepted = result.verdict == Verdict::AC;
  if (!accepted || !options.quiet) {
    end_line_of(result.stderr_bytes);
    say(coloured(verdict_line(result), accepted ? Colour::good : Colour::bad));
  }
  return exit_status_of(result);
}

int report_error(const protocol::Error& error, const ReportOptions& options) {
  if (options.json) write_all(STDOUT_FILENO, protocol::to_json(error) + "\n");
  const auto code = std::string(protocol::to_text(error.code));
  if (error.code == protocol::ErrorCode::unsupported_version) {
    say(harmless_line("the portal is older than this client: upgrade portals first (" + error.message + ")"));
    return exit_status_of(error.code);
  }
  const auto where = error.where.empty() ? "" : fmt::format(" ({})", error.where);
  say(harmless_line(fmt::format("refused: {}{}: {}", code, where, error.message)));
  return exit_status_of(error.code);
}

}  // namespace rota::client
