#include "client/submission.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <iterator>
#include <stdexcept>

#include "base/daemon.hpp"
#include "base/encoding.hpp"
#include "base/units.hpp"
#include "client/client_error.hpp"
#include "client/client_log.hpp"
#include "client/exit_status.hpp"
#include "client/input_file.hpp"
#include "client/project.hpp"
#include "client/typed_amount.hpp"
#include "protocol/bounds.hpp"
#include "protocol/file_name.hpp"

namespace rota::client {
namespace {

constexpr std::size_t kLongStdinBytes = 256 << 10;

// Each one is one text, whatever is in it. CLI11's own conversion to a list would read "[a,b]" as two and "{}" as none,
// so the values are taken before it.
CLI::Option* add_texts_option(CLI::App& verb, const char* flag, std::vector<std::string>& texts,
                              const char* type, const char* help) {
  const CLI::callback_t take = [&texts](const CLI::results_t& values) {
    texts = values;
    return true;
  };
  return verb.add_option(flag, take, help)
      ->type_name(type)
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

protocol::LimitOverrides limits_of(const SubmissionOptions& options) {
  constexpr auto most = protocol::kWireMaxima;
  protocol::LimitOverrides limits;
  limits.cpu_time = typed_amount("--cpu", options.cpu, parse_duration, most.cpu_time, "1h");
  limits.wall_time = typed_amount("--wall", options.wall, parse_duration, most.wall_time, "1h");
  limits.memory_bytes = typed_amount("--memory", options.memory, parse_size, most.memory_bytes, "64G");
  limits.output_bytes = typed_amount("--output", options.output, parse_size, most.output_bytes, "16M");
  limits.file_bytes = typed_amount("--files", options.files, parse_size, most.file_bytes, "4G");
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

void add_queue_options(CLI::App& verb, SubmissionOptions& options) {
  const char* const group = "The queue";
  add_texts_option(verb, "--label", options.labels, "TEXT", "Only on a node that has this label; repeatable")
      ->group(group);
  verb.add_option("--priority", options.priority, "0 to 9: of one's own jobs the highest goes first (5)")
      ->type_name("N")
      ->group(group);
  verb.add_option("--queue-time", options.queue_time,
                  "Wait for a node at most this long, as in 30s; else forever")
      ->type_name("DURATION")
      ->group(group);
  verb.add_option("--total-time", options.total_time, "Be done after this long; else never")
      ->type_name("DURATION")
      ->group(group);
}

void apply_queue_options(const SubmissionOptions& options, protocol::Submit& submit) {
  constexpr auto most = std::chrono::milliseconds(std::chrono::hours(24 * 30));
  const auto none = std::chrono::milliseconds(0);
  submit.labels = options.labels;
  submit.priority = options.priority;
  submit.queue_time =
      typed_amount("--queue-time", options.queue_time, parse_duration, most, "30d").value_or(none);
  submit.total_time =
      typed_amount("--total-time", options.total_time, parse_duration, most, "30d").value_or(none);
  if (submit.priority && *submit.priority > protocol::kMaxPriority) {
    throw ClientError(kUsage, fmt::format("--priority: give a number from 0 to {}", protocol::kMaxPriority));
  }
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

void read_sources(const SubmissionOptions& options, protocol::Submit& submit) {
  if (is_project(options.file)) {
    set_main_file(submit, read_project(options.file), options.main);
  } else if (!options.main.empty()) {
    throw ClientError(kUsage, "--main is for projects, and FILE is neither a folder nor an archive");
  } else {
    submit.source = read_input(options.file, "source file", protocol::kMaxSourceBytes);
    submit.file_name = file_name_of(options.file);
  }
  for (const auto& path : options.with) {
    auto files = read_companion(path);
    std::move(files.begin(), files.end(), std::back_inserter(submit.files));
  }
  check_files(submit);
}

// What is long goes by its hash first: the portal may have it from an earlier submission.
void read_stdin(const SubmissionOptions& options, protocol::Submit& submit) {
  submit.stdin_bytes = options.stdin_text;
  if (!options.stdin_file.empty())
    submit.stdin_bytes = read_input(options.stdin_file, "file for stdin", protocol::kMaxStdinBytes, true);
  if (submit.stdin_bytes.size() >= kLongStdinBytes) submit.stdin_blob = sha256_hex(submit.stdin_bytes);
  if (options.stdin_blob.empty()) return;
  if (!is_sha256(options.stdin_blob))
    throw ClientError(kUsage,
                      "--stdin-blob: give 64 hexadecimal digits in lower case, as sha256sum prints them");
  submit.stdin_blob = options.stdin_blob;
}

}  // namespace

void add_submission_options(CLI::App& verb, SubmissionOptions& options) {
  verb.add_option("file", options.file, "The source file; or a project: a folder, or an archive (tar, zip)")
      ->type_name("FILE")
      ->required();
  verb.add_option("--main", options.main, "The main file of a project; else its file \"main.…\"")
      ->type_name("NAME");
  add_texts_option(verb, "--with", options.with, "PATH",
                   "A file or folder that stands beside the source; repeatable");
  verb.add_option("--language", options.language, "Language; else from the file's name")->type_name("NAME");
  verb.add_option("--stdin", options.stdin_file,
                  "The program's stdin: a file, or - for rota's own; else empty")
      ->type_name("FILE");
  verb.add_option("--stdin-text", options.stdin_text, "The program's stdin itself")
      ->type_name("TEXT")
      ->excludes("--stdin");
  verb.add_option("--stdin-blob", options.stdin_blob,
                  "The program's stdin by its SHA-256, of bytes that were submitted shortly before")
      ->type_name("SHA256")
      ->excludes("--stdin")
      ->excludes("--stdin-text");
  add_texts_option(verb, "--arg", options.arguments, "TEXT",
                   "An argument of the program; repeat for more. Write --arg=-x where it begins with a dash");
  add_texts_option(verb, "--env", options.environment, "NAME=VALUE",
                   "An environment variable of the program; repeatable");
  add_texts_option(verb, "--compile-flag", options.compile_flags, "FLAG",
                   "A flag of the compiler, as in --compile-flag=-O0, if the language allows it; repeatable");
  add_texts_option(verb, "--link-flag", options.link_flags, "FLAG", "Likewise, of the linker; repeatable");
  add_limit_options(verb, options);
  add_queue_options(verb, options);
  add_waiting_options(verb, options.waiting);
}

protocol::Submit make_submit(const SubmissionOptions& options) {
  protocol::Submit submit;
  submit.limits = limits_of(options);
  check_arguments(options.arguments);
  read_sources(options, submit);
  read_stdin(options, submit);
  submit.language = options.language;
  submit.arguments = options.arguments;
  submit.environment = options.environment;
  submit.compile_flags = options.compile_flags;
  submit.link_flags = options.link_flags;
  submit.client = host_name();
  apply_queue_options(options, submit);
  submit.live_events = options.waiting.report.events;
  return submit;
}

}  // namespace rota::client
