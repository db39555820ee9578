#include "client/submission.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <stdexcept>

#include "base/daemon.hpp"
#include "base/units.hpp"
#include "client/client_error.hpp"
#include "client/client_log.hpp"
#include "client/exit_status.hpp"
#include "client/input_file.hpp"
#include "client/setting_flags.hpp"
#include "protocol/bounds.hpp"
#include "protocol/file_name.hpp"

namespace rota::client {
namespace {

// Each --arg is one argument, whatever is in it. CLI11's own conversion to a list would read "[a,b]" as two
// and "{}" as none, so the values are taken before it.
void add_arguments_option(CLI::App& verb, std::vector<std::string>& arguments) {
  const CLI::callback_t take = [&arguments](const CLI::results_t& values) {
    arguments = values;
    return true;
  };
  verb.add_option("--arg", take,
                  "An argument of the program; repeat for more. Write --arg=-x where it begins with a dash")
      ->type_name("TEXT")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void add_limit_options(CLI::App& verb, SubmissionOptions& options) {
  const char* const group = "Limits of the run";
  verb.add_option("--cpu", options.cpu, "CPU time, as in 500ms or 2s")->type_name("DURATION")->group(group);
  verb.add_option("--wall", options.wall, "Wall time, as in 10s")->type_name("DURATION")->group(group);
  verb.add_option("--memory", options.memory, "Memory, as in 64M")->type_name("SIZE")->group(group);
  verb.add_option("--output", options.output, "Each of stdout and stderr, as in 1M")
      ->type_name("SIZE")
      ->group(group);
  verb.add_option("--files", options.files, "Each of /work and /tmp, as in 64M")
      ->type_name("SIZE")
      ->group(group);
  verb.add_option("--processes", options.processes, "Processes and threads")->type_name("N")->group(group);
}

// The value as typed, converted and held against what the wire takes; nullopt where the flag was not given.
template <typename Parse, typename Value>
std::optional<Value> limit(const char* flag, const std::string& text, Parse parse, Value most,
                           const char* most_text) {
  if (text.empty()) return std::nullopt;
  try {
    const Value value = parse(text);
    if (value <= most) return value;
  } catch (const std::invalid_argument& error) {
    throw ClientError(kUsage, fmt::format("{}: {}", flag, error.what()));
  }
  throw ClientError(kUsage, fmt::format("{}: '{}' is too much; {} is the most", flag, text, most_text));
}

protocol::LimitOverrides limits_of(const SubmissionOptions& options) {
  constexpr auto most = protocol::kWireMaxima;
  protocol::LimitOverrides limits;
  limits.cpu_time = limit("--cpu", options.cpu, parse_duration, most.cpu_time, "1h");
  limits.wall_time = limit("--wall", options.wall, parse_duration, most.wall_time, "1h");
  limits.memory_bytes = limit("--memory", options.memory, parse_size, most.memory_bytes, "64G");
  limits.output_bytes = limit("--output", options.output, parse_size, most.output_bytes, "16M");
  limits.file_bytes = limit("--files", options.files, parse_size, most.file_bytes, "4G");
  limits.processes = options.processes;
  if (limits.processes && (*limits.processes < 1 || *limits.processes > most.processes)) {
    throw ClientError(kUsage, fmt::format("--processes: give a number from 1 to {}", most.processes));
  }
  return limits;
}

std::string file_name_of(const std::string& file) {
  const auto name = std::filesystem::path(file).filename().string();
  try {
    protocol::require_valid_file_name(name, "file_name");
  } catch (const protocol::ProtocolError& error) {
    throw ClientError(kUsage, fmt::format("source file {}: {}", file, error.what()));
  }
  return name;
}

void check_arguments(const std::vector<std::string>& arguments) {
  std::size_t bytes = 0;
  for (const auto& argument : arguments) bytes += argument.size();
  if (arguments.size() > protocol::kMaxArguments || bytes > protocol::kMaxArgumentsBytes) {
    throw ClientError(kUsage,
                      fmt::format("too many arguments for the program: {} with {} KiB together are the most",
                                  protocol::kMaxArguments, protocol::kMaxArgumentsBytes >> 10));
  }
}

}  // namespace

void add_submission_options(CLI::App& verb, SubmissionOptions& options) {
  verb.add_option("file", options.file, "The source file")->type_name("FILE")->required();
  verb.add_option("--language", options.language, "Language; else from the file's name")->type_name("NAME");
  verb.add_option("--stdin", options.stdin_file,
                  "The program's stdin: a file, or - for rota's own; else empty")
      ->type_name("FILE");
  add_arguments_option(verb, options.arguments);
  add_limit_options(verb, options);
  verb.add_flag("--json", options.report.json, "Print the whole result packet as one JSON object on stdout");
  verb.add_flag("--events", options.report.events, "Print the timeline on stderr, live");
  verb.add_flag("-q,--quiet", options.report.quiet, "No word of our own where all went well");
  verb.add_option("--timeout", options.timeout, "Give up waiting after this long; else never")
      ->type_name("DURATION");
}

protocol::Submit make_submit(const SubmissionOptions& options) {
  protocol::Submit submit;
  submit.limits = limits_of(options);
  check_arguments(options.arguments);
  submit.source = read_input(options.file, "source file", protocol::kMaxSourceBytes);
  submit.file_name = file_name_of(options.file);
  if (!options.stdin_file.empty()) {
    submit.stdin_bytes = read_input(options.stdin_file, "file for stdin", protocol::kMaxStdinBytes, true);
  }
  submit.language = options.language;
  submit.arguments = options.arguments;
  submit.client = host_name();
  submit.live_events = options.report.events;
  return submit;
}

DeliveryOptions delivery_options(const SubmissionOptions& options, const Settings& settings) {
  constexpr auto year = std::chrono::milliseconds(std::chrono::hours(24 * 365));
  DeliveryOptions delivery;
  delivery.report = options.report;
  delivery.connect_timeout = settings.connect_timeout;
  delivery.answer_timeout = limit("--timeout", options.timeout, parse_duration, year, "365d")
                                .value_or(std::chrono::milliseconds(0));
  delivery.job_outlives_us = settings.portal.has_value();
  if (settings.portal) delivery.unreachable_hint = unreachable_hint(settings);
  return delivery;
}

}  // namespace rota::client
