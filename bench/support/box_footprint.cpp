#include "bench/support/box_footprint.hpp"

#include <linux/kcmp.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <utility>

#include "tests/support/processes.hpp"

namespace rota::bench {
namespace {

namespace fs = std::filesystem;

constexpr int kQuietMs = 200;
constexpr int kMaxLooks = 50;

std::string proc_path(pid_t pid, const std::string& name) {
  return "/proc/" + std::to_string(pid) + "/" + name;
}

// A process that has just gone has none of anything.
std::uint64_t descriptors_of(pid_t pid) {
  std::error_code gone;
  const fs::directory_iterator entries(proc_path(pid, "fd"), gone);
  return static_cast<std::uint64_t>(std::distance(entries, fs::directory_iterator()));
}

std::uint64_t mounts_of(pid_t pid) {
  std::ifstream file(proc_path(pid, "mountinfo"));
  return static_cast<std::uint64_t>(
      std::count(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>(), '\n'));
}

bool shares_memory(pid_t left, pid_t right) {
  return ::syscall(SYS_kcmp, left, right, KCMP_VM, 0, 0) == 0;
}

// One process for each address space: the zygote shares its own with init and the payload that waits.
std::vector<pid_t> with_own_memory(const std::vector<pid_t>& processes) {
  std::vector<pid_t> owners;
  for (const pid_t pid : processes) {
    const auto shares = [pid](pid_t owner) { return shares_memory(owner, pid); };
    if (std::none_of(owners.begin(), owners.end(), shares)) owners.push_back(pid);
  }
  return owners;
}

std::uint64_t private_kib(pid_t pid) {
  std::ifstream file(proc_path(pid, "smaps_rollup"));
  std::uint64_t sum = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("Private_")) sum += std::stoull(line.substr(line.find(':') + 1));
  }
  return sum;
}

std::vector<pid_t> processes_of(pid_t box) {
  std::vector<pid_t> processes = test::descendants_of(box);
  processes.push_back(box);
  return processes;
}

std::uint64_t sum_over(const std::vector<pid_t>& processes, std::uint64_t (*figure)(pid_t)) {
  return std::accumulate(processes.begin(), processes.end(), std::uint64_t{0},
                         [&](std::uint64_t sum, pid_t pid) { return sum + figure(pid); });
}

// The number of cgroups with the memory controller, those included that are removed but still charged
// (/proc/cgroups: "memory <hierarchy> <number> <enabled>").
std::uint64_t memory_cgroups() {
  std::ifstream file("/proc/cgroups");
  for (std::string name, hierarchy, number, enabled; file >> name >> hierarchy >> number >> enabled;) {
    if (name == "memory") return std::stoull(number);
  }
  return 0;
}

std::uint64_t box_processes_of_host() {
  std::uint64_t count = 0;
  for (const pid_t pid : test::descendants_of(0)) {
    if (test::command_line_of(pid).find("rota-box serve") != std::string::npos) ++count;
  }
  return count;
}

std::vector<Count> footprint_now(pid_t box) {
  const std::vector<pid_t> processes = processes_of(box);
  return {{"processes", test::descendants_of(::getpid()).size()},
          {"descriptors_of_box", sum_over(processes, descriptors_of)},
          {"descriptors_of_client", descriptors_of(::getpid())},
          {"mounts_of_box", sum_over(processes, mounts_of)},
          {"mounts_of_host", mounts_of(::getpid())},
          {"cgroups_of_box", test::cgroups_of_box(box).size()}};
}

}  // namespace

std::vector<Count> footprint_of(pid_t box) {
  std::vector<Count> before, now = footprint_now(box);
  for (int i = 0; i < kMaxLooks && now != before; ++i) {
    ::poll(nullptr, 0, kQuietMs);
    before = std::exchange(now, footprint_now(box));
  }
  return now;
}

std::vector<Count> host_counts() {
  return {{"box_processes_of_host", box_processes_of_host()},
          {"cgroups_of_all_boxes", test::our_cgroups().size()},
          {"memory_cgroups_of_host", memory_cgroups()}};
}

std::uint64_t private_kib_of(pid_t box) {
  return sum_over(with_own_memory(processes_of(box)), private_kib);
}

}  // namespace rota::bench
