#include "judge-node/language_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "judge-node/key_reader.hpp"
#include "judge-node/placeholders.hpp"
#include "protocol/bounds.hpp"
#include "protocol/error.hpp"
#include "protocol/file_name.hpp"

namespace rota::node {
namespace {

using protocol::kWireMaxima;
using protocol::kWireMinima;
using Texts = std::vector<std::string>;
using Time = std::chrono::milliseconds;

std::uint64_t read_number(KeyReader& reader, const std::string& key, std::uint64_t default_value,
                          std::uint64_t minimum, std::uint64_t maximum) {
  return reader.number(key, minimum, maximum).value_or(default_value);
}

Time read_time(KeyReader& reader, const std::string& key, Time default_value, Time minimum, Time maximum) {
  const auto number_of = [](Time time) { return static_cast<std::uint64_t>(time.count()); };
  return Time(read_number(reader, key, number_of(default_value), number_of(minimum), number_of(maximum)));
}

// A partial object of limits over the defaults. The bounds are the wire's: below them no box takes a run.
protocol::Limits read_limits(std::optional<KeyReader> reader, protocol::Limits limits) {
  if (!reader) return limits;
  const auto time = [&](const char* key, Time protocol::Limits::*limit) {
    limits.*limit = read_time(*reader, key, limits.*limit, kWireMinima.*limit, kWireMaxima.*limit);
  };
  const auto number = [&](const char* key, auto protocol::Limits::*limit) {
    limits.*limit = static_cast<std::remove_reference_t<decltype(limits.*limit)>>(
        read_number(*reader, key, limits.*limit, kWireMinima.*limit, kWireMaxima.*limit));
  };
  time("cpu_time_ms", &protocol::Limits::cpu_time);
  time("wall_time_ms", &protocol::Limits::wall_time);
  number("memory_bytes", &protocol::Limits::memory_bytes);
  number("output_bytes", &protocol::Limits::output_bytes);
  number("file_bytes", &protocol::Limits::file_bytes);
  number("processes", &protocol::Limits::processes);
  reader->finish();
  return limits;
}

Texts read_environment(KeyReader& reader) {
  Texts environment = reader.texts("environment");
  for (std::size_t i = 0; i < environment.size(); ++i) {
    const std::size_t equals = environment[i].find('=');
    if (equals != std::string::npos && equals > 0) continue;
    throw KeyError(fmt::format("{}[{}]", reader.path_of("environment"), i), "NAME=value is expected here");
  }
  return environment;
}

void require_known_placeholder(const std::string& name, const std::string& element, const Texts& allowed,
                               const std::string& path) {
  if (std::find(allowed.begin(), allowed.end(), name) == allowed.end()) {
    throw KeyError(path, fmt::format("the placeholder {} is not known here", name));
  }
  if (name == kArgumentsPlaceholder && element != name) {
    throw KeyError(path, "{arguments} must be an element of its own");
  }
}

Texts read_argv(KeyReader& reader, const Texts& allowed_placeholders) {
  Texts argv = reader.texts("argv");
  if (argv.empty()) throw KeyError(reader.path_of("argv"), "a list of at least one string is expected here");
  for (std::size_t i = 0; i < argv.size(); ++i) {
    const std::string path = fmt::format("{}[{}]", reader.path_of("argv"), i);
    if (argv[i].find('\0') != std::string::npos) throw KeyError(path, "holds a NUL character");
    for (const std::string& name : placeholders_in(argv[i])) {
      require_known_placeholder(name, argv[i], allowed_placeholders, path);
    }
  }
  return argv;
}

Texts read_outputs(KeyReader& reader) {
  Texts outputs = reader.texts("outputs");
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const std::string path = fmt::format("{}[{}]", reader.path_of("outputs"), i);
    try {
      protocol::require_valid_file_name(outputs[i], path);
    } catch (const protocol::ProtocolError& error) {
      throw KeyError(path, error.what());
    }
  }
  return outputs;
}

// The compiler's defaults: more memory and files than a run, and output that a person can still read.
constexpr protocol::Limits kCompileDefaults{
    .cpu_time = std::chrono::seconds(30),
    .wall_time = std::chrono::seconds(60),
    .memory_bytes = 1ull << 30,
    .output_bytes = 1ull << 20,
    .file_bytes = 256ull << 20,
    .processes = 64,
};

CompileStep read_compile(KeyReader reader) {
  CompileStep step;
  step.outputs = read_outputs(reader);
  Texts allowed{std::string(kSourcePlaceholder)};
  if (!step.outputs.empty()) allowed.emplace_back(kOutputPlaceholder);
  step.argv = read_argv(reader, allowed);
  step.environment = read_environment(reader);
  step.limits = read_limits(reader.object("limits"), kCompileDefaults);
  // stdout and stderr together are the result's compiler_output.
  if (step.limits.output_bytes > protocol::kMaxCompilerOutputBytes / 2) {
    throw KeyError(reader.path_of("limits.output_bytes"),
                   fmt::format("at most {} for a compiler", protocol::kMaxCompilerOutputBytes / 2));
  }
  reader.finish();
  return step;
}

RunStep read_run(KeyReader reader, bool has_output) {
  RunStep step;
  Texts allowed{std::string(kSourcePlaceholder), std::string(kArgumentsPlaceholder)};
  if (has_output) allowed.emplace_back(kOutputPlaceholder);
  step.argv = read_argv(reader, allowed);
  if (std::count(step.argv.begin(), step.argv.end(), kArgumentsPlaceholder) != 1) {
    throw KeyError(reader.path_of("argv"), "{arguments} must stand in it once");
  }
  step.environment = read_environment(reader);
  step.limits = read_limits(reader.object("limits"), protocol::Limits{});
  reader.finish();
  return step;
}

Language read_language(KeyReader reader) {
  Language language;
  language.name = reader.text("name");
  language.aliases = reader.texts("aliases");
  language.extensions = reader.texts("extensions");
  if (auto compile = reader.object("compile")) language.compile = read_compile(std::move(*compile));
  const bool has_output = language.compile && !language.compile->outputs.empty();
  language.run = read_run(reader.required_object("run"), has_output);
  reader.finish();
  return language;
}

std::vector<Language> read_document(const nlohmann::json& document) {
  KeyReader reader(document, "");
  std::vector<Language> languages;
  for (const nlohmann::json& entry : reader.list("languages")) {
    languages.push_back(read_language({entry, fmt::format("languages[{}]", languages.size())}));
  }
  if (languages.empty()) throw KeyError("languages", "at least one language is expected here");
  reader.finish();
  return languages;
}

std::size_t line_of(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, std::min(byte, text.size()));
  return 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
}

}  // namespace

std::vector<Language> read_languages(std::string_view text, const std::string& file_name) {
  try {
    return read_document(nlohmann::json::parse(text));
  } catch (const nlohmann::json::parse_error& error) {
    // error.byte counts from 1 and names the last byte read.
    const std::size_t line = line_of(text, error.byte == 0 ? 0 : error.byte - 1);
    throw LanguageFileError(fmt::format("{}:{}: {}", file_name, line, error.what()));
  } catch (const KeyError& error) {
    throw LanguageFileError(fmt::format("{}: {}", file_name, error.what()));
  }
}

}  // namespace rota::node
