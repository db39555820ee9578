#include "sandbox/plan.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <string_view>

namespace rota::sandbox {
namespace {

// Where the kernel counts processes by user, the supervisor and init count as well in a user namespace.
constexpr std::uint32_t kOwnProcesses = 2;

// The spec's entries win over the minimal ones, and later ones over earlier.
std::vector<std::string> merge_environment(const std::vector<std::string>& given) {
  std::map<std::string, std::string, std::less<>> merged{
      {"PATH", kPath}, {"HOME", "/work"}, {"LANG", "C.UTF-8"}, {"TMPDIR", "/tmp"}};
  for (const std::string& entry : given) {
    const std::size_t equals = entry.find('=');
    merged[entry.substr(0, equals)] = entry.substr(equals + 1);
  }
  std::vector<std::string> entries;
  for (const auto& [name, value] : merged) entries.push_back(name + "=" + value);
  return entries;
}

// What execvp(3) would try.
std::vector<std::string> program_paths(const std::string& name) {
  if (name.find('/') != std::string::npos) return {name};
  std::vector<std::string> paths;
  for (std::string_view rest = kPath; !rest.empty();) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    paths.push_back(std::string(rest.substr(0, end)) + "/" + name);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return paths;
}

void fill_texts(RunPlan& plan, const RunSpec& spec) {
  const auto environment = merge_environment(spec.environment);
  const auto programs = program_paths(spec.argv.front());
  plan.texts = spec.argv;
  plan.texts.insert(plan.texts.end(), environment.begin(), environment.end());
  plan.texts.insert(plan.texts.end(), programs.begin(), programs.end());
  // Pointers only from here on: texts does not grow any more.
  std::size_t next = 0;
  for (std::size_t i = 0; i < spec.argv.size(); ++i) plan.argv.push_back(plan.texts[next++].data());
  for (std::size_t i = 0; i < environment.size(); ++i) plan.environment.push_back(plan.texts[next++].data());
  for (std::size_t i = 0; i < programs.size(); ++i) plan.programs.push_back(plan.texts[next++].data());
  plan.argv.push_back(nullptr);
  plan.environment.push_back(nullptr);
}

std::string tmpfs_options(std::uint64_t bytes, const char* mode, const Identity& identity) {
  return "size=" + std::to_string(bytes) + ",nr_inodes=" + std::to_string(kMaxInodes) + ",mode=" + mode +
         ",uid=" + std::to_string(identity.uid) + ",gid=" + std::to_string(identity.gid);
}

// What the program finds there is not to take room from what it may write. In whole pages, as tmpfs counts.
std::uint64_t bytes_of_inputs(const RunSpec& spec) {
  constexpr std::uint64_t kPageBytes = 4096;
  std::uint64_t sum = 0;
  for (const InputFile& input : spec.inputs) {
    struct stat status {};
    if (::fstat(input.fd, &status) != 0) continue;  // copying it will say what is wrong
    sum += (static_cast<std::uint64_t>(status.st_size) + kPageBytes - 1) / kPageBytes * kPageBytes;
  }
  return sum;
}

// A hard limit can be lowered by everybody and raised by nobody here (no CAP_SYS_RESOURCE).
void add_limit(RunPlan& plan, __rlimit_resource kind, rlim_t soft, rlim_t hard) {
  rlimit current{};
  ::getrlimit(kind, &current);
  plan.resource_limits.push_back(
      {kind, {std::min(soft, current.rlim_max), std::min(hard, current.rlim_max)}});
}

void add_limits(RunPlan& plan, const PlanBasis& basis, const protocol::Limits& limits) {
  const auto cpu_seconds = static_cast<rlim_t>((limits.cpu_time.count() + 999) / 1000);
  const rlim_t stack = std::min<rlim_t>(limits.memory_bytes, kMaxStackBytes);
  add_limit(plan, RLIMIT_CORE, 0, 0);
  add_limit(plan, RLIMIT_FSIZE, limits.file_bytes, limits.file_bytes);
  add_limit(plan, RLIMIT_NOFILE, kMaxOpenFiles, kMaxOpenFiles);
  add_limit(plan, RLIMIT_STACK, stack, stack);
  // The clocks of the supervisor come first; this one ends what they cannot see.
  add_limit(plan, RLIMIT_CPU, cpu_seconds + 1, cpu_seconds + 2);
  if (!basis.limits_processes) {
    const rlim_t processes = limits.processes + (basis.identity.privileged ? 0 : kOwnProcesses);
    add_limit(plan, RLIMIT_NPROC, processes, processes);
  }
  if (!basis.limits_memory) add_limit(plan, RLIMIT_AS, limits.memory_bytes, limits.memory_bytes);
}

}  // namespace

void fill_plan(RunPlan& plan, const PlanBasis& basis, const RunSpec& spec) {
  plan.spec = &spec;
  plan.identity = basis.identity;
  plan.host_name = basis.host_name;
  plan.join_fds = basis.join_fds;
  plan.is_born_in_cgroup = basis.is_born_in_cgroup;
  plan.send_proc = !basis.counts_cpu;
  plan.filter = {static_cast<unsigned short>(basis.filter.size()),
                 const_cast<sock_filter*>(basis.filter.data())};
  plan.work_options = tmpfs_options(spec.limits.file_bytes + bytes_of_inputs(spec), "0700", basis.identity);
  plan.tmp_options = tmpfs_options(spec.limits.file_bytes, "1777", basis.identity);
  fill_texts(plan, spec);
  add_limits(plan, basis, spec.limits);
}

}  // namespace rota::sandbox
