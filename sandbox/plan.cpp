#include "sandbox/plan.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.hpp"

namespace rota::sandbox {
namespace {

// Where the kernel counts threads by user, the supervisor's two, the zygote and init count as well in a user namespace.
constexpr std::uint32_t kOwnProcesses = 4;

const std::string kPathEntry = std::string("PATH=") + kPath;
const std::string_view kMinimalEnvironment[] = {"HOME=/work", "LANG=C.UTF-8", "TMPDIR=/tmp", kPathEntry};

// Takes the block's arena bit by bit.
class Arena {
 public:
  explicit Arena(RunBlock& block) : next_(block.arena), end_(block.arena + kArenaBytes) {}

  char* add_text(std::string_view first, std::string_view second = {}) {
    char* text = take(first.size() + second.size() + 1);
    first.copy(text, first.size());
    second.copy(text + first.size(), second.size());
    text[first.size() + second.size()] = '\0';
    return text;
  }

  char** add_pointers(const std::vector<char*>& pointers) {
    next_ += -reinterpret_cast<std::uintptr_t>(next_) % alignof(char*);
    char* place = take((pointers.size() + 1) * sizeof(char*));
    std::memset(place, 0, (pointers.size() + 1) * sizeof(char*));
    if (!pointers.empty()) std::memcpy(place, pointers.data(), pointers.size() * sizeof(char*));
    return reinterpret_cast<char**>(place);
  }

 private:
  char* take(std::size_t size) {
    if (size > static_cast<std::size_t>(end_ - next_))
      throw std::length_error("the run's arguments are too long");
    return std::exchange(next_, next_ + size);
  }

  char* next_;
  char* end_;
};

std::string_view name_of(std::string_view entry) {
  return entry.substr(0, entry.find('='));
}

// The spec's entries win over the minimal ones, and later ones over earlier; in the order of their names.
char** add_environment(Arena& arena, const std::vector<std::string>& given) {
  std::map<std::string_view, std::string_view> entries;
  for (const std::string_view entry : kMinimalEnvironment) entries[name_of(entry)] = entry;
  for (const std::string_view entry : given) entries[name_of(entry)] = entry;
  std::vector<char*> texts;
  for (const auto& [name, entry] : entries) texts.push_back(arena.add_text(entry));
  return arena.add_pointers(texts);
}

char** add_arguments(Arena& arena, const std::vector<std::string>& given) {
  std::vector<char*> arguments;
  arguments.reserve(given.size());
  for (const std::string& argument : given) arguments.push_back(arena.add_text(argument));
  return arena.add_pointers(arguments);
}

// What execvp(3) would try.
char** add_programs(Arena& arena, const std::string& name) {
  if (name.find('/') != std::string::npos) return arena.add_pointers({arena.add_text(name)});
  std::vector<char*> paths;
  for (std::string_view rest = kPath; !rest.empty();) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    paths.push_back(arena.add_text(std::string(rest.substr(0, end)) + "/", name));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return arena.add_pointers(paths);
}

void add_inputs(RunBlock& block, const RunSpec& spec) {
  block.input_count = 0;
  for (const InputFile& input : spec.inputs) {
    BlockInput& next = block.inputs[block.input_count++];
    next.fd = input.fd;
    next.mode = input.executable ? 0700 : 0600;
    input.name.copy(next.name, kMaxFileNameBytes);
    next.name[input.name.size()] = '\0';
  }
}

void add_limit(RunBlock& block, const PlanBasis& basis, __rlimit_resource kind, rlim_t soft, rlim_t hard) {
  const rlim_t most = basis.hard_limits[kind];
  block.limits[block.limit_count++] = {kind, {std::min(soft, most), std::min(hard, most)}};
}

// What a spec asks for; without a cgroup at most the memory limit, which then holds for what is really written where the
// address space is free.
void add_memory_limit(RunBlock& block, const PlanBasis& basis, const RunSpec& spec) {
  const bool in_place_of_cgroup = !basis.limits_memory;
  rlim_t space = spec.address_space_bytes == 0 ? RLIM_INFINITY : spec.address_space_bytes;
  if (in_place_of_cgroup && spec.free_address_space)
    add_limit(block, basis, RLIMIT_DATA, spec.limits.memory_bytes, spec.limits.memory_bytes);
  else if (in_place_of_cgroup)
    space = std::min<rlim_t>(space, spec.limits.memory_bytes);
  if (space != RLIM_INFINITY) add_limit(block, basis, RLIMIT_AS, space, space);
}

void add_limits(RunBlock& block, const PlanBasis& basis, const RunSpec& spec) {
  const protocol::Limits& limits = spec.limits;
  const auto cpu_seconds = static_cast<rlim_t>((limits.cpu_time.count() + 999) / 1000);
  const rlim_t stack = std::min<rlim_t>(limits.memory_bytes, kMaxStackBytes);
  block.limit_count = 0;
  add_limit(block, basis, RLIMIT_FSIZE, limits.file_bytes, limits.file_bytes);
  add_limit(block, basis, RLIMIT_STACK, stack, stack);
  // The clocks of the supervisor come first; this one ends what they cannot see.
  add_limit(block, basis, RLIMIT_CPU, cpu_seconds + 1, cpu_seconds + 2);
  if (!basis.limits_processes) {
    const rlim_t processes = limits.processes + (basis.identity.privileged ? 0 : kOwnProcesses);
    add_limit(block, basis, RLIMIT_NPROC, processes, processes);
  }
  add_memory_limit(block, basis, spec);
}

}  // namespace

HardLimits read_hard_limits() {
  HardLimits limits{};
  for (std::size_t kind = 0; kind < limits.size(); ++kind) {
    rlimit current{};
    check(::getrlimit(static_cast<__rlimit_resource>(kind), &current), "read a resource limit");
    limits[kind] = current.rlim_max;
  }
  return limits;
}

void fill_block(RunBlock& block, const PlanBasis& basis, const RunSpec& spec) {
  Arena arena(block);
  block.argv = add_arguments(arena, spec.argv);
  block.environment = add_environment(arena, spec.environment);
  block.programs = add_programs(arena, spec.argv.front());
  block.program_fd = spec.program_fd;
  add_inputs(block, spec);
  add_limits(block, basis, spec);
}

std::uint64_t bytes_of_inputs(const RunSpec& spec) {
  constexpr std::uint64_t kPageBytes = 4096;
  std::uint64_t sum = 0;
  for (const InputFile& input : spec.inputs) {
    struct stat status {};
    if (::fstat(input.fd, &status) != 0) continue;  // copying it will say what is wrong
    const auto size = static_cast<std::uint64_t>(status.st_size);
    if (size > kMaxBytes - sum) throw std::runtime_error("the inputs are too large: " + input.name);
    sum += (size + kPageBytes - 1) / kPageBytes * kPageBytes;
  }
  return sum;
}

}  // namespace rota::sandbox
