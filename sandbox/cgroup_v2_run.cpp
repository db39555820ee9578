#include "sandbox/cgroup_v2_run.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/check.hpp"
#include "sandbox/cgroup_file.hpp"
#include "sandbox/cgroup_text.hpp"
#include "sandbox/departing.hpp"

namespace rota::sandbox {
namespace {

// The kernel charges in batches for each CPU, so less than this says nothing.
constexpr std::uint64_t kReusableChargeBytes = 1 << 20;
constexpr std::uint32_t kOwnProcesses = 1;  // init; the zygote lives outside
// While a run is prepared: init and payload, and the inits of earlier runs on their way out.
constexpr std::uint32_t kPreparingProcesses = 2 + Departing::kMost + 1;

}  // namespace

void Setting::set(std::uint64_t value, const char* what) {
  if (value == value_) return;
  write_number(file_, value, what);
  value_ = value;
}

void Setting::set_at_least(std::uint64_t value, const char* what) {
  if (value_ && *value_ < value) set(value, what);
}

RunMemory::RunMemory(int folder)
    : limit_(open_cgroup_file(folder, "memory.max", O_WRONLY)),
      current_(open_cgroup_file(folder, "memory.current", O_RDONLY)),
      events_(open_cgroup_file(folder, "memory.events", O_RDONLY)) {
  open_peak(folder);
  // Only the run lives here, so that all of it may go at once: no half of a program is left.
  write_text(open_cgroup_file(folder, "memory.oom.group", O_WRONLY), "1", "end runs as a whole");
  const UniqueFd swap = find_cgroup_file(folder, "memory.swap.max", O_WRONLY);
  limits_swap_ = swap && try_write_text(swap, "0");
}

void RunMemory::open_peak(int folder) {
  peak_ = find_cgroup_file(folder, "memory.peak", O_RDWR);
  is_resettable_ = peak_ && try_write_text(peak_, "reset");
  if (!is_resettable_) peak_ = find_cgroup_file(folder, "memory.peak", O_RDONLY);
}

void RunMemory::begin_run(std::uint64_t limit_bytes) {
  limit_.set(limit_bytes, "set the memory limit");
  if (is_resettable_) write_text(peak_, "reset", "reset the memory peak");
  before_ = count_events();
}

std::optional<std::uint64_t> RunMemory::peak() const {
  if (!peak_) return std::nullopt;
  const std::uint64_t peak = read_number(peak_);
  return peak - std::min(peak, left_over_);
}

bool RunMemory::out_of_memory() const {
  const Events now = count_events();
  return now.kills > before_.kills && now.limit_hits > before_.limit_hits;
}

bool RunMemory::take_stock_for_next_run() {
  left_over_ = read_number(current_);
  return (is_resettable_ || !peak_) && left_over_ <= kReusableChargeBytes;
}

std::string RunMemory::describe() const {
  return std::string("cgroup v2") + (limits_swap_ ? "" : ", swap is not counted") +
         (peak_ ? "" : ", its peak is not told before Linux 5.19");
}

// Reading the file also makes poll() quiet until its next change.
RunMemory::Events RunMemory::count_events() const {
  const std::string text = read_text(events_.get());
  return {keyed_number(text, "oom_kill"), keyed_number(text, "oom")};
}

RunPids::RunPids(int folder)
    : limit_(open_cgroup_file(folder, "pids.max", O_WRONLY)),
      events_(open_cgroup_file(folder, "pids.events", O_RDONLY)) {}

void RunPids::prepare_run() {
  limit_.set_at_least(kPreparingProcesses, "set the process limit");
}

void RunPids::begin_run(std::uint32_t processes) {
  limit_.set(processes, "set the process limit");
  refused_before_ = read_keyed_number(events_, "max");
}

bool RunPids::limit_hit() const {
  return read_keyed_number(events_, "max") > refused_before_;
}

RunFolder::RunFolder(int box, std::string name, bool has_memory, bool has_pids)
    : box_(box), name_(std::move(name)) {
  check(::mkdirat(box_, name_.c_str(), 0700), "create the cgroup " + name_);
  folder_.reset(check(::openat(box_, name_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open " + name_));
  cpu_ = open_cgroup_file(folder_.get(), "cpu.stat", O_RDONLY);
  if (has_memory) memory.emplace(folder_.get());
  if (has_pids) pids.emplace(folder_.get());
}

// One that somebody else has removed is gone as well.
bool RunFolder::remove() {
  return ::unlinkat(box_, name_.c_str(), AT_REMOVEDIR) == 0 || errno == ENOENT;
}

void RunFolder::begin_run(const protocol::Limits& limits, std::uint32_t departing) {
  if (memory) memory->begin_run(limits.memory_bytes);
  if (pids) pids->begin_run(limits.processes + kOwnProcesses + (was_used_ ? departing : 0));
  was_used_ = true;
  cpu_before_us_ = cpu_us();
}

std::chrono::nanoseconds RunFolder::cpu_time() const {
  return std::chrono::microseconds(cpu_us() - cpu_before_us_);
}

std::uint64_t RunFolder::cpu_us() const {
  return read_keyed_number(cpu_, "usage_usec");
}

}  // namespace rota::sandbox
