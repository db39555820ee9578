#include "judge-node/step_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "judge-node/placeholders.hpp"
#include "protocol/bounds.hpp"
#include "protocol/error.hpp"
#include "protocol/file_name.hpp"

namespace rota::node {
namespace {

using protocol::kWireMaxima;
using protocol::kWireMinima;
using Texts = std::vector<std::string>;
using Placeholders = std::vector<std::string_view>;
using Time = std::chrono::milliseconds;

constexpr std::size_t kMaxSteps = 8;

// The compiler's defaults: more memory and files than a run, and output that a person can still read.
constexpr protocol::Limits kCompileDefaults{
    .cpu_time = std::chrono::seconds(30),
    .wall_time = std::chrono::seconds(60),
    .memory_bytes = 1ull << 30,
    .output_bytes = 1ull << 20,
    .file_bytes = 256ull << 20,
    .processes = 64,
};

const Placeholders kEverywhere{placeholder::kMemory, placeholder::kHeap};

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

void require_known_placeholder(const std::string& name, const std::string& element,
                               const Placeholders& allowed, const std::string& path) {
  if (std::find(allowed.begin(), allowed.end(), name) == allowed.end()) {
    throw KeyError(path, fmt::format("the placeholder {} is not known here", name));
  }
  if (is_list(name) && element != name) throw KeyError(path, name + " must be an element of its own");
}

Texts read_texts(KeyReader& reader, const std::string& key, const Placeholders& allowed) {
  Texts texts = reader.texts(key);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string path = fmt::format("{}[{}]", reader.path_of(key), i);
    if (texts[i].find('\0') != std::string::npos) throw KeyError(path, "holds a NUL character");
    for (const std::string& name : placeholders_in(texts[i])) {
      require_known_placeholder(name, texts[i], allowed, path);
    }
  }
  return texts;
}

Texts read_environment(KeyReader& reader, const Placeholders& allowed) {
  Texts environment = read_texts(reader, "environment", allowed);
  for (std::size_t i = 0; i < environment.size(); ++i) {
    const std::size_t equals = environment[i].find('=');
    if (equals != std::string::npos && equals > 0) continue;
    throw KeyError(fmt::format("{}[{}]", reader.path_of("environment"), i), "NAME=value is expected here");
  }
  return environment;
}

AddressSpace read_address_space(KeyReader& reader) {
  const std::map<std::string, AddressSpace> kinds{{"memory", AddressSpace::memory},
                                                  {"free", AddressSpace::free}};
  const auto text = reader.optional_text("address_space");
  if (!text) return AddressSpace::by_host;
  const auto found = kinds.find(*text);
  if (found == kinds.end()) throw KeyError(reader.path_of("address_space"), "is \"memory\" or \"free\"");
  return found->second;
}

Placeholders without_lists(Placeholders allowed) {
  std::erase_if(allowed, is_list);
  return allowed;
}

// What every step has.
void read_step(KeyReader& reader, Step& step, const Placeholders& allowed, const protocol::Limits& defaults) {
  step.argv = read_command(reader, "argv", allowed);
  step.environment = read_environment(reader, without_lists(allowed));
  step.limits = read_limits(reader.object("limits"), defaults);
  step.heap_percent = static_cast<unsigned>(read_number(reader, "heap_percent", step.heap_percent, 1, 100));
  step.address_space = read_address_space(reader);
}

// A file name, in which one '*' may stand for any part.
void require_output_name(std::string name, const std::string& path) {
  const std::size_t star = name.find('*');
  if (star != std::string::npos) name[star] = 'x';
  if (name.find('*') != std::string::npos) throw KeyError(path, "one '*' may stand in it");
  try {
    protocol::require_valid_file_name(name, path);
  } catch (const protocol::ProtocolError& error) {
    throw KeyError(path, error.what());
  }
}

Texts read_outputs(KeyReader& reader) {
  Texts outputs = reader.texts("outputs");
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    require_output_name(outputs[i], fmt::format("{}[{}]", reader.path_of("outputs"), i));
  }
  return outputs;
}

Placeholders allowed_in(bool has_output) {
  Placeholders allowed = kEverywhere;
  if (has_output) allowed.push_back(placeholder::kOutput);
  return allowed;
}

const Placeholders kSubmitted{placeholder::kSource, placeholder::kStem, placeholder::kSources,
                              placeholder::kFlags, placeholder::kLinkFlags};
const Placeholders kPrepared{placeholder::kWarm};

CompileStep read_compile_step(KeyReader reader, const Placeholders& more) {
  CompileStep step;
  step.outputs = read_outputs(reader);
  Placeholders allowed = allowed_in(!step.outputs.empty());
  allowed.insert(allowed.end(), more.begin(), more.end());
  read_step(reader, step, allowed, kCompileDefaults);
  // stdout and stderr of all steps together are the result's compiler_output.
  if (step.limits.output_bytes > protocol::kMaxCompilerOutputBytes / 2) {
    throw KeyError(reader.path_of("limits.output_bytes"),
                   fmt::format("at most {} for a compiler", protocol::kMaxCompilerOutputBytes / 2));
  }
  reader.finish();
  return step;
}

}  // namespace

Texts read_command(KeyReader& reader, const std::string& key, const Placeholders& allowed) {
  Texts argv = read_texts(reader, key, allowed);
  if (argv.empty()) throw KeyError(reader.path_of(key), "a list of at least one string is expected here");
  return argv;
}

namespace {

std::vector<CompileStep> read_steps(KeyReader& reader, const Placeholders& allowed) {
  std::vector<CompileStep> steps;
  for (KeyReader& step : reader.objects("compile"))
    steps.push_back(read_compile_step(std::move(step), allowed));
  if (steps.size() > kMaxSteps)
    throw KeyError(reader.path_of("compile"), fmt::format("at most {} steps", kMaxSteps));
  return steps;
}

}  // namespace

std::vector<CompileStep> read_compile_steps(KeyReader& reader) {
  return read_steps(reader, kSubmitted);
}

std::vector<CompileStep> read_fast_steps(KeyReader& reader) {
  Placeholders allowed = kSubmitted;
  allowed.insert(allowed.end(), kPrepared.begin(), kPrepared.end());
  return read_steps(reader, allowed);
}

std::vector<CompileStep> read_warm_up_steps(KeyReader& reader) {
  return read_steps(reader, kPrepared);
}

RunStep read_run_step(KeyReader reader, bool has_output) {
  RunStep step;
  Placeholders allowed = allowed_in(has_output);
  allowed.insert(allowed.end(), {placeholder::kSource, placeholder::kStem, placeholder::kArguments});
  read_step(reader, step, allowed, protocol::Limits{});
  if (std::count(step.argv.begin(), step.argv.end(), placeholder::kArguments) != 1) {
    throw KeyError(reader.path_of("argv"), "{arguments} must stand in it once");
  }
  step.out_of_memory = reader.texts("out_of_memory");
  step.from_memory = reader.flag("from_memory");
  if (step.from_memory && (!has_output || step.argv.front() != "/work/{output}"))
    throw KeyError(reader.path_of("from_memory"), "wants argv to begin with /work/{output}");
  reader.finish();
  return step;
}

}  // namespace rota::node
