// Version 1 of cgroups: one hierarchy for each controller. Counters are read from descriptors that stay open,
// since that costs a microsecond while a path costs twenty.
//
// memory.usage_in_bytes goes on counting what a run left behind (page cache that it was the
// first to touch, files that somebody outside still holds open). A folder with such charges is
// replaced by a fresh one after the run, for which the zygote has to leave.

#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "base/check.hpp"
#include "sandbox/cgroup.hpp"
#include "sandbox/cgroup_folder.hpp"

namespace rota::sandbox {
namespace {

// The kernel charges in batches of 256 KiB for each CPU, and gives the kernel memory of ended processes and namespaces
// back when it comes to it. Less than this says nothing.
constexpr std::uint64_t kReusableChargeBytes = 8 << 20;
// Charges from before are rounded to this, so that the limit need not be set for each run.
constexpr std::uint64_t kLimitStepBytes = 1 << 20;

std::string read_small_file(int fd) {
  std::array<char, 512> buffer;
  const ssize_t size = check(::pread(fd, buffer.data(), buffer.size(), 0), "read a cgroup counter");
  return {buffer.data(), static_cast<std::size_t>(size)};
}

std::uint64_t parse_number(std::string_view text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::uint64_t read_number(const UniqueFd& file) {
  return parse_number(read_small_file(file.get()));
}

// The number after "key " at the beginning of a line; 0 where there is none.
std::uint64_t read_keyed_number(const UniqueFd& file, std::string_view key) {
  const std::string text = "\n" + read_small_file(file.get());
  const std::size_t at = text.find("\n" + std::string(key) + " ");
  return at == std::string::npos ? 0 : parse_number(std::string_view(text).substr(at + key.size() + 2));
}

bool try_write_number(const UniqueFd& file, std::uint64_t value) {
  const std::string text = std::to_string(value);
  return ::pwrite(file.get(), text.data(), text.size(), 0) >= 0;
}

void write_number(const UniqueFd& file, std::uint64_t value, const char* what) {
  if (!try_write_number(file, value)) check(-1, what);
}

class MemoryController {
 public:
  explicit MemoryController(const std::string& parent) : folder_(parent) { open_files(); }

  void begin_run(std::uint64_t limit) {
    write_number(peak_, 0, "reset the memory peak");
    charged_before_ = read_number(usage_);
    set_limit(limit + (charged_before_ + kLimitStepBytes - 1) / kLimitStepBytes * kLimitStepBytes);
    kills_before_ = read_keyed_number(oom_control_, "oom_kill");
    std::uint64_t stale = 0;
    if (::read(event_.get(), &stale, sizeof stale) < 0 && errno != EAGAIN)
      check(-1, "clear the memory event");
  }

  std::uint64_t peak() const {
    const std::uint64_t peak = read_number(peak_);
    return peak - std::min(peak, charged_before_);
  }
  bool out_of_memory() const { return read_keyed_number(oom_control_, "oom_kill") > kills_before_; }
  int event_fd() const { return event_.get(); }
  int join_fd() const { return join_.get(); }

  bool needs_renewal() const { return read_number(usage_) > kReusableChargeBytes; }

  void renew() {
    close_files();
    folder_.replace();
    open_files();
  }

 private:
  // What was charged before, the zygote's memory above all, is not the run's to pay for.
  // memory+swap may never be below memory: widen the outer first, narrow the inner first.
  void set_limit(std::uint64_t limit) {
    if (limit == limit_) return;
    if (limit > limit_ && memsw_) write_number(memsw_, limit, "set the memory and swap limit");
    write_number(limit_file_, limit, "set the memory limit");
    if (limit < limit_ && memsw_) write_number(memsw_, limit, "set the memory and swap limit");
    limit_ = limit;
  }

  void open_files() {
    join_ = folder_.open_file("cgroup.procs", O_WRONLY);
    limit_file_ = folder_.open_file("memory.limit_in_bytes", O_WRONLY);
    peak_ = folder_.open_file("memory.max_usage_in_bytes", O_RDWR);
    usage_ = folder_.open_file("memory.usage_in_bytes", O_RDONLY);
    oom_control_ = folder_.open_file("memory.oom_control", O_RDONLY);
    limit_ = UINT64_MAX;
    open_swap_limit();
    open_event();
  }

  // Absent where the kernel does not count swap; then the run may not swap at all.
  void open_swap_limit() {
    write_number(folder_.open_file("memory.swappiness", O_WRONLY), 0, "forbid swapping");
    try {
      memsw_ = folder_.open_file("memory.memsw.limit_in_bytes", O_WRONLY);
    } catch (const std::system_error&) {
      memsw_.reset();
    }
  }

  // Kernel documentation, cgroup-v1/memory.rst, section 10: an eventfd that fires
  // when the group runs out of memory.
  void open_event() {
    event_.reset(check(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "make the memory event"));
    const UniqueFd control = folder_.open_file("cgroup.event_control", O_WRONLY);
    const std::string line = std::to_string(event_.get()) + " " + std::to_string(oom_control_.get());
    check(::write(control.get(), line.data(), line.size()), "ask for the memory event");
  }

  void close_files() {
    for (UniqueFd* file : {&join_, &limit_file_, &memsw_, &peak_, &usage_, &oom_control_, &event_})
      file->reset();
  }

  CgroupFolder folder_;
  UniqueFd join_, limit_file_, memsw_, peak_, usage_, oom_control_, event_;
  std::uint64_t limit_ = UINT64_MAX;
  std::uint64_t charged_before_ = 0;
  std::uint64_t kills_before_ = 0;
};

class PidsController {
 public:
  explicit PidsController(const std::string& parent)
      : folder_(parent),
        join_(folder_.open_file("cgroup.procs", O_WRONLY)),
        limit_(folder_.open_file("pids.max", O_WRONLY)),
        events_(folder_.open_file("pids.events", O_RDONLY)) {}

  void begin_run(std::uint32_t processes) {
    if (processes != set_) write_number(limit_, processes, "set the process limit");
    set_ = processes;
    refused_before_ = read_keyed_number(events_, "max");
  }
  bool limit_hit() const { return read_keyed_number(events_, "max") > refused_before_; }
  int join_fd() const { return join_.get(); }

 private:
  CgroupFolder folder_;
  UniqueFd join_, limit_, events_;
  std::uint32_t set_ = 0;
  std::uint64_t refused_before_ = 0;
};

class CpuController {
 public:
  explicit CpuController(const std::string& parent)
      : folder_(parent),
        join_(folder_.open_file("cgroup.procs", O_WRONLY)),
        usage_(folder_.open_file("cpuacct.usage", O_RDONLY)) {}

  void begin_run() { before_ = read_number(usage_); }
  std::chrono::nanoseconds used() const { return std::chrono::nanoseconds(read_number(usage_) - before_); }
  int join_fd() const { return join_.get(); }

 private:
  CgroupFolder folder_;
  UniqueFd join_, usage_;
  std::uint64_t before_ = 0;
};

// A controller that cannot be had is a missing layer with its reason, not a failure.
template <typename Controller>
std::unique_ptr<Controller> try_controller(const std::string& name, Layer& layer) {
  const auto parent = find_own_cgroup(name);
  if (!parent) {
    layer.reason = "no cgroup v1 hierarchy of " + name + " is mounted";
    return nullptr;
  }
  try {
    auto controller = std::make_unique<Controller>(*parent);
    layer.active = true;
    layer.reason = "cgroup v1";
    return controller;
  } catch (const std::system_error& error) {
    layer.reason = error.what();
    return nullptr;
  }
}

class CgroupV1 : public Cgroup {
 public:
  CgroupV1() {
    memory_ = try_controller<MemoryController>("memory", layers_[0]);
    pids_ = try_controller<PidsController>("pids", layers_[1]);
    cpu_ = try_controller<CpuController>("cpuacct", layers_[2]);
    collect_join_fds();
  }

  bool is_usable() const { return memory_ || pids_ || cpu_; }

  std::vector<Layer> layers() const override { return {layers_.begin(), layers_.end()}; }
  bool limits_memory() const override { return memory_ != nullptr; }
  bool limits_processes() const override { return pids_ != nullptr; }
  bool counts_cpu() const override { return cpu_ != nullptr; }

  void begin_run(const protocol::Limits& limits, std::uint32_t own_processes) override {
    if (memory_) memory_->begin_run(limits.memory_bytes);
    if (pids_) pids_->begin_run(limits.processes + own_processes);
    if (cpu_) cpu_->begin_run();
  }
  std::span<const int> join_fds() const override { return join_fds_; }
  int birth_fd() const override { return -1; }

  std::optional<std::chrono::nanoseconds> cpu_time() const override {
    return cpu_ ? std::optional(cpu_->used()) : std::nullopt;
  }
  std::optional<std::uint64_t> peak_memory() const override {
    return memory_ ? std::optional(memory_->peak()) : std::nullopt;
  }
  int memory_event_fd() const override { return memory_ ? memory_->event_fd() : -1; }
  bool out_of_memory() const override { return memory_ && memory_->out_of_memory(); }
  bool process_limit_hit() const override { return pids_ && pids_->limit_hit(); }

  bool needs_renewal() const override { return memory_ && memory_->needs_renewal(); }

  void renew() override {
    memory_->renew();
    collect_join_fds();
  }

 private:
  void collect_join_fds() {
    join_fds_.clear();
    if (memory_) join_fds_.push_back(memory_->join_fd());
    if (pids_) join_fds_.push_back(pids_->join_fd());
    if (cpu_) join_fds_.push_back(cpu_->join_fd());
  }

  std::array<Layer, 3> layers_{Layer{"memory-cgroup", false, ""}, Layer{"pids-cgroup", false, ""},
                               Layer{"cpu-cgroup", false, ""}};
  std::unique_ptr<MemoryController> memory_;
  std::unique_ptr<PidsController> pids_;
  std::unique_ptr<CpuController> cpu_;
  std::vector<int> join_fds_;
};

}  // namespace

std::unique_ptr<Cgroup> make_cgroup_v1() {
  auto cgroup = std::make_unique<CgroupV1>();
  if (!cgroup->is_usable()) return nullptr;
  return cgroup;
}

}  // namespace rota::sandbox
