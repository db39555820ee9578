#include "sandbox/spec.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <string_view>

#include "base/shortened.hpp"

namespace rota::sandbox {
namespace {

using namespace std::chrono_literals;
using Problem = std::optional<std::string>;

// What a box can work with at all; what a node allows is far below.
constexpr auto kMaxTime = 24h;
constexpr std::uint64_t kMinMemoryBytes = 1 << 20;
constexpr std::uint64_t kMinFileBytes = 4 << 10;
constexpr std::uint32_t kMaxProcesses = 1 << 16;

bool has_nul(std::string_view text) {
  return text.find('\0') != std::string_view::npos;
}

bool is_plain_name(std::string_view name) {
  return !name.empty() && name.size() <= kMaxFileNameBytes && name != "." && name != ".." && !has_nul(name) &&
         name.find('/') == std::string_view::npos;
}

Problem problem_of_arguments(const RunSpec& spec) {
  if (spec.argv.empty() || spec.argv.front().empty()) return "there is no program to run";
  std::size_t bytes = 0;
  for (const auto* list : {&spec.argv, &spec.environment}) {
    for (const std::string& text : *list) {
      if (has_nul(text)) return "an argument or environment entry holds a NUL byte";
      if (text.size() > kMaxOneArgumentBytes)
        return "an argument or environment entry passes " + std::to_string(kMaxOneArgumentBytes) + " bytes";
      bytes += text.size() + 1;
    }
  }
  if (bytes > kMaxArgumentBytes)
    return "arguments and environment pass " + std::to_string(kMaxArgumentBytes) + " bytes";
  for (const std::string& entry : spec.environment) {
    if (entry.find('=') == 0 || entry.find('=') == std::string::npos)
      return "an environment entry is not NAME=value: " + std::string(shortened(entry, kMaxFileNameBytes));
  }
  return std::nullopt;
}

// Plain names with '/' between them.
bool is_plain_path(std::string_view path) {
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/')) {
    if (!is_plain_name(path.substr(0, slash))) return false;
    path.remove_prefix(slash + 1);
  }
  return is_plain_name(path);
}

// A file cannot stand where another's folder does.
Problem problem_of_places(const std::set<std::string_view>& names) {
  for (const std::string_view name : names) {
    for (std::size_t slash = name.find('/'); slash != std::string_view::npos;
         slash = name.find('/', slash + 1)) {
      if (names.contains(name.substr(0, slash)))
        return "an input is both a file and a folder: " + std::string(name.substr(0, slash));
    }
  }
  return std::nullopt;
}

bool is_output_name(std::string_view name) {
  return is_plain_name(name) && std::count(name.begin(), name.end(), '*') <= 1;
}

std::size_t bytes_of_names(const RunSpec& spec) {
  std::size_t bytes = 0;
  for (const InputFile& input : spec.inputs) bytes += input.name.size();
  for (const std::string& output : spec.outputs) bytes += output.size();
  return bytes;
}

Problem problem_of_files(const RunSpec& spec) {
  if (spec.inputs.size() > kMaxInputs) return "more than " + std::to_string(kMaxInputs) + " inputs";
  if (spec.outputs.size() > kMaxOutputs) return "more than " + std::to_string(kMaxOutputs) + " outputs";
  std::set<std::string_view> names;
  for (const InputFile& input : spec.inputs) {
    if (input.name.size() > kMaxFileNameBytes || !is_plain_path(input.name))
      return "an input's name is not a plain file name or a path of such";
    if (!names.insert(input.name).second) return "two inputs have one name: " + input.name;
    if (input.fd < 0) return "an input has no descriptor";
  }
  if (!std::all_of(spec.outputs.begin(), spec.outputs.end(), is_output_name)) {
    return "an output's name is not a plain file name with at most one '*'";
  }
  if (bytes_of_names(spec) > kMaxNamesBytes)
    return "the names of inputs and outputs pass " + std::to_string(kMaxNamesBytes) + " bytes";
  return problem_of_places(names);
}

// These say the range, in the units that people give.
Problem problem_of_bytes(const std::string& what, std::uint64_t bytes, std::uint64_t least) {
  if (bytes >= least && bytes <= kMaxBytes) return std::nullopt;
  return "the " + what + " limit is out of range: from " + std::to_string(least >> 10) + "K to 1024G";
}

Problem problem_of_time(const std::string& what, std::chrono::milliseconds time) {
  if (time > 0ms && time <= kMaxTime) return std::nullopt;
  return "the " + what + " time limit is out of range: from 1ms to 1d";
}

Problem problem_of_limits(const protocol::Limits& limits) {
  if (auto problem = problem_of_time("CPU", limits.cpu_time)) return problem;
  if (auto problem = problem_of_time("wall", limits.wall_time)) return problem;
  if (auto problem = problem_of_bytes("memory", limits.memory_bytes, kMinMemoryBytes)) return problem;
  if (auto problem = problem_of_bytes("file", limits.file_bytes, kMinFileBytes)) return problem;
  if (auto problem = problem_of_bytes("output", limits.output_bytes, 0)) return problem;
  if (limits.processes >= 1 && limits.processes <= kMaxProcesses) return std::nullopt;
  return "the process limit is out of range: from 1 to " + std::to_string(kMaxProcesses);
}

}  // namespace

std::optional<std::string> find_problem(const RunSpec& spec) {
  if (auto problem = problem_of_arguments(spec)) return problem;
  if (auto problem = problem_of_files(spec)) return problem;
  const std::uint64_t space = spec.address_space_bytes;  // below the least, nothing could be loaded
  if (space != 0) {
    if (auto problem = problem_of_bytes("address space", space, kMinMemoryBytes)) return problem;
  }
  return problem_of_limits(spec.limits);
}

}  // namespace rota::sandbox
