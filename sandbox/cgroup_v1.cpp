// Version 1 of cgroups: one hierarchy for each controller.
//
// memory.usage_in_bytes goes on counting what a run left behind (page cache that it was the
// first to touch, files that somebody outside still holds open). A folder with such charges is
// replaced by a fresh one after the run, for which the zygote has to leave.

#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "base/check.hpp"
#include "sandbox/cgroup.hpp"
#include "sandbox/cgroup_file.hpp"
#include "sandbox/cgroup_folder.hpp"
#include "sandbox/departing.hpp"

namespace rota::sandbox {
namespace {

// The kernel charges in batches of 256 KiB for each CPU, and gives the kernel memory of ended processes and namespaces
// back when it comes to it. Less than this says nothing.
constexpr std::uint64_t kReusableUsageBytes = 8 << 20;
// Charges from before are rounded to this, so that the limit need not be set for each run.
constexpr std::uint64_t kLimitStepBytes = 1 << 20;
constexpr std::uint32_t kZygoteAndInit = 2;
// While a run is prepared: the zygote, init and payload, and the inits of earlier runs on their way out.
constexpr std::uint32_t kMostWhilePreparing = 3 + Departing::kMost + 1;

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

  bool needs_renewal() const { return read_number(usage_) > kReusableUsageBytes; }

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

  // The last run's limit may be too low for it.
  void prepare_run() {
    if (set_ < kMostWhilePreparing) set(kMostWhilePreparing);
  }
  void begin_run(std::uint32_t processes) {
    if (processes != set_) set(processes);
    refused_before_ = read_keyed_number(events_, "max");
  }
  bool limit_hit() const { return read_keyed_number(events_, "max") > refused_before_; }
  int join_fd() const { return join_.get(); }

 private:
  void set(std::uint32_t processes) {
    write_number(limit_, processes, "set the process limit");
    set_ = processes;
  }

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
  const CgroupFolder& folder() const { return folder_; }

 private:
  CgroupFolder folder_;
  UniqueFd join_, usage_;
  std::uint64_t before_ = 0;
};

void limit_cores(const CgroupFolder& folder, unsigned cores) {
  write_number(folder.open_file("cpu.cfs_period_us", O_WRONLY), kCpuPeriodUs, "set the CPU period");
  write_number(folder.open_file("cpu.cfs_quota_us", O_WRONLY), cores * kCpuPeriodUs, "set the CPU quota");
}

// As much CPU time as some cores give. Where cpu and cpuacct are one hierarchy, one folder serves both.
class QuotaController {
 public:
  QuotaController(const std::string& parent, unsigned cores)
      : folder_(parent), join_(folder_.open_file("cgroup.procs", O_WRONLY)) {
    limit_cores(folder_, cores);
  }
  int join_fd() const { return join_.get(); }

 private:
  CgroupFolder folder_;
  UniqueFd join_;
};

// Some CPUs only. A new folder has no memory nodes, and takes nobody before it does.
class CpusetController {
 public:
  CpusetController(const std::string& parent, const std::string& cpus)
      : folder_(parent), join_(folder_.open_file("cgroup.procs", O_WRONLY)) {
    std::string nodes;
    std::getline(std::ifstream(parent + "/cpuset.mems"), nodes);
    write_text(folder_.open_file("cpuset.mems", O_WRONLY), nodes, "set the memory nodes");
    write_text(folder_.open_file("cpuset.cpus", O_WRONLY), cpus, "set the CPUs");
  }
  int join_fd() const { return join_.get(); }

 private:
  CgroupFolder folder_;
  UniqueFd join_;
};

// A controller that cannot be had is a missing layer with its reason, not a failure.
template <typename Controller, typename... Arguments>
std::unique_ptr<Controller> try_controller(const std::string& name, Layer& layer,
                                           const Arguments&... arguments) {
  const auto parent = find_own_cgroup(name);
  if (!parent) {
    layer.reason = "no cgroup v1 hierarchy of " + name + " is mounted";
    return nullptr;
  }
  try {
    auto controller = std::make_unique<Controller>(*parent, arguments...);
    layer.active = true;
    layer.reason = "cgroup v1";
    return controller;
  } catch (const std::exception& error) {
    layer.reason = error.what();
    return nullptr;
  }
}

class CgroupV1 : public Cgroup {
 public:
  explicit CgroupV1(const CgroupOptions& options) {
    memory_ = try_controller<MemoryController>("memory", layers_[0]);
    pids_ = try_controller<PidsController>("pids", layers_[1]);
    cpu_ = try_controller<CpuController>("cpuacct", layers_[2]);
    if (options.max_cores) add_quota(*options.max_cores);
    if (!options.cpus.empty())
      cpuset_ =
          try_controller<CpusetController>("cpuset", layers_.emplace_back(Layer{"cpu-set"}), options.cpus);
    collect_join_fds();
  }

  bool is_usable() const { return memory_ || pids_ || cpu_; }

  std::vector<Layer> layers() const override { return layers_; }
  bool limits_memory() const override { return memory_ != nullptr; }
  bool limits_processes() const override { return pids_ != nullptr; }
  bool counts_cpu() const override { return cpu_ != nullptr; }

  void prepare_run() override {
    if (pids_) pids_->prepare_run();
  }
  void begin_run(const protocol::Limits& limits, std::uint32_t departing) override {
    if (memory_) memory_->begin_run(limits.memory_bytes);
    if (pids_) pids_->begin_run(limits.processes + kZygoteAndInit + departing);
    if (cpu_) cpu_->begin_run();
  }
  std::span<const int> join_fds() const override { return join_fds_; }

  std::optional<std::chrono::nanoseconds> cpu_time() const override {
    return cpu_ ? std::optional(cpu_->used()) : std::nullopt;
  }
  std::optional<std::uint64_t> peak_memory() const override {
    return memory_ ? std::optional(memory_->peak()) : std::nullopt;
  }
  pollfd memory_interest() const override { return {memory_ ? memory_->event_fd() : -1, POLLIN, 0}; }
  // The event stands for nothing else, and one is enough: it stays readable until the next run.
  bool memory_ran_out() override { return true; }
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
    if (quota_) join_fds_.push_back(quota_->join_fd());
    if (cpuset_) join_fds_.push_back(cpuset_->join_fd());
  }

  void add_quota(unsigned cores) {
    Layer& layer = layers_.emplace_back(Layer{"cpu-quota"});
    if (!cpu_ || find_own_cgroup("cpu") != find_own_cgroup("cpuacct")) {
      quota_ = try_controller<QuotaController>("cpu", layer, cores);
      return;
    }
    try {
      limit_cores(cpu_->folder(), cores);
      layer = {"cpu-quota", true, "cgroup v1"};
    } catch (const std::system_error& error) {
      layer.reason = error.what();
    }
  }

  std::vector<Layer> layers_{{"memory-cgroup"}, {"pids-cgroup"}, {"cpu-cgroup"}};
  std::unique_ptr<MemoryController> memory_;
  std::unique_ptr<PidsController> pids_;
  std::unique_ptr<CpuController> cpu_;
  std::unique_ptr<QuotaController> quota_;
  std::unique_ptr<CpusetController> cpuset_;
  std::vector<int> join_fds_;
};

}  // namespace

std::unique_ptr<Cgroup> make_cgroup_v1(const CgroupOptions& options, std::string& reason) {
  auto cgroup = std::make_unique<CgroupV1>(options);
  if (cgroup->is_usable()) return cgroup;
  reason = "no writable cgroup v1 hierarchy";
  return nullptr;
}

}  // namespace rota::sandbox
