// Version 2 of cgroups: one hierarchy. A box has one folder in it (cgroup_place.hpp says where), which carries what holds
// for all its runs, and below that one for the run, in which the run's processes are born.
//
//   <home>/rota-box-PID          locked by its box; cpu.max, cpuset.cpus
//   <home>/rota-box-PID/run-N    memory.max, pids.max, and every counter
//
// A run gets a fresh folder where the last one cannot be used again: before Linux 6.12 memory.peak cannot be reset, and
// what a run has left charged (page cache that it was the first to touch, files that somebody outside still holds open)
// would count for the next one.

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cassert>

#include "base/check.hpp"
#include "sandbox/cgroup.hpp"
#include "sandbox/cgroup_file.hpp"
#include "sandbox/cgroup_folder.hpp"
#include "sandbox/cgroup_place.hpp"

namespace rota::sandbox {
namespace {

// The kernel charges in batches for each CPU, so less than this says nothing.
constexpr std::uint64_t kReusableChargeBytes = 1 << 20;
constexpr int kHomeAttempts = 100;
constexpr std::uint64_t kPeriodUs = 100'000;  // of cpu.max, the kernel's default
constexpr std::uint32_t kOwnProcesses = 1;    // init; the zygote lives outside

// A setting that is written only when it changes: each write is a system call on the critical path.
class Setting {
 public:
  explicit Setting(UniqueFd file) : file_(std::move(file)) {}

  void set(std::uint64_t value, const char* what) {
    if (value == value_) return;
    write_number(file_, value, what);
    value_ = value;
  }

 private:
  UniqueFd file_;
  std::optional<std::uint64_t> value_;
};

class RunMemory {
 public:
  explicit RunMemory(int folder)
      : limit_(open_cgroup_file(folder, "memory.max", O_WRONLY)),
        current_(open_cgroup_file(folder, "memory.current", O_RDONLY)),
        events_(open_cgroup_file(folder, "memory.events", O_RDONLY)) {
    open_peak(folder);
    // Only the run lives here, so that all of it may go at once: no half of a program is left.
    write_text(open_cgroup_file(folder, "memory.oom.group", O_WRONLY), "1", "end runs as a whole");
    const UniqueFd swap = find_cgroup_file(folder, "memory.swap.max", O_WRONLY);
    limits_swap_ = swap && try_write_text(swap, "0");
  }

  void begin_run(std::uint64_t limit) {
    limit_.set(limit, "set the memory limit");
    if (is_resettable_) write_text(peak_, "reset", "reset the memory peak");
    before_ = count_events();
  }

  std::optional<std::uint64_t> peak() const {
    if (!peak_) return std::nullopt;
    const std::uint64_t peak = read_number(peak_);
    return peak - std::min(peak, left_over_);
  }
  // A kill alone may be for want of memory further up, in the host or in our service: not the run's doing.
  bool out_of_memory() const {
    const Events now = count_events();
    return now.kills > before_.kills && now.limit_hits > before_.limit_hits;
  }
  // What changes in the file is an exceptional condition (kernfs); it always counts as readable.
  pollfd interest() const { return {events_.get(), POLLPRI, 0}; }

  bool take_stock_for_next_run() {
    left_over_ = read_number(current_);
    return (is_resettable_ || !peak_) && left_over_ <= kReusableChargeBytes;
  }

  std::string describe() const {
    return std::string("cgroup v2") + (limits_swap_ ? "" : ", swap is not counted") +
           (peak_ ? "" : ", its peak is not told before Linux 5.19");
  }

 private:
  void open_peak(int folder) {
    peak_ = find_cgroup_file(folder, "memory.peak", O_RDWR);
    is_resettable_ = peak_ && try_write_text(peak_, "reset");
    if (!is_resettable_) peak_ = find_cgroup_file(folder, "memory.peak", O_RDONLY);
  }

  struct Events {
    std::uint64_t kills = 0, limit_hits = 0;
  };

  // Reading the file also makes poll() quiet until its next change.
  Events count_events() const {
    const std::string text = read_text(events_.get());
    return {keyed_number(text, "oom_kill"), keyed_number(text, "oom")};
  }

  Setting limit_;
  UniqueFd current_, events_, peak_;
  bool is_resettable_ = false, limits_swap_ = false;
  std::uint64_t left_over_ = 0;
  Events before_;
};

class RunPids {
 public:
  explicit RunPids(int folder)
      : limit_(open_cgroup_file(folder, "pids.max", O_WRONLY)),
        events_(open_cgroup_file(folder, "pids.events", O_RDONLY)) {}

  void begin_run(std::uint32_t processes) {
    limit_.set(processes, "set the process limit");
    refused_before_ = read_keyed_number(events_, "max");
  }
  bool limit_hit() const { return read_keyed_number(events_, "max") > refused_before_; }

 private:
  Setting limit_;
  UniqueFd events_;
  std::uint64_t refused_before_ = 0;
};

// A run's folder with its files. cpu.stat is there without any controller.
class RunFolder {
 public:
  RunFolder(int box, std::string name, bool has_memory, bool has_pids) : box_(box), name_(std::move(name)) {
    check(::mkdirat(box_, name_.c_str(), 0700), "create the cgroup " + name_);
    folder_.reset(check(::openat(box_, name_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open " + name_));
    cpu_ = open_cgroup_file(folder_.get(), "cpu.stat", O_RDONLY);
    if (has_memory) memory.emplace(folder_.get());
    if (has_pids) pids.emplace(folder_.get());
  }
  // False while a process is left in it, be it one that is being buried.
  bool remove() { return ::unlinkat(box_, name_.c_str(), AT_REMOVEDIR) == 0 || errno == ENOENT; }

  void begin_run(const protocol::Limits& limits, std::uint32_t departing) {
    if (memory) memory->begin_run(limits.memory_bytes);
    // Inits of earlier runs are here only where those have used the folder.
    if (pids) pids->begin_run(limits.processes + kOwnProcesses + (was_used_ ? departing : 0));
    was_used_ = true;
    cpu_before_us_ = cpu_us();
  }
  std::chrono::nanoseconds cpu_time() const { return std::chrono::microseconds(cpu_us() - cpu_before_us_); }
  int fd() const { return folder_.get(); }
  bool was_used() const { return was_used_; }

  std::optional<RunMemory> memory;
  std::optional<RunPids> pids;

 private:
  std::uint64_t cpu_us() const { return read_keyed_number(cpu_, "usage_usec"); }

  int box_;
  std::string name_;
  UniqueFd folder_, cpu_;
  std::uint64_t cpu_before_us_ = 0;
  bool was_used_ = false;
};

CgroupPlace find_usable_place() {
  CgroupPlace place = choose_place(find_place_facts());
  if (has_controller(place, "memory") || has_controller(place, "pids")) return place;
  throw NoCgroupPlace("cgroup version 2 has neither memory nor pids for " + place.home);
}

// Where the last box that went removes a home of our own making, it may do so between our two steps.
std::unique_ptr<CgroupFolder> make_box_folder(const CgroupPlace& place) {
  for (int attempt = 0;; ++attempt) {
    make_home(place);
    try {
      return std::make_unique<CgroupFolder>(place.home);
    } catch (const std::system_error& error) {
      const bool is_gone = error.code().value() == ENOENT || error.code().value() == ENODEV;
      if (!is_gone || attempt == kHomeAttempts) throw;
    }
  }
}

// Removes a home that we made, when no box is left in it. By descriptor: our root will be another one then.
class HomeKeeper {
 public:
  explicit HomeKeeper(const CgroupPlace& place) : name_(place.home.substr(place.home.rfind('/') + 1)) {
    if (!place.is_made_by_us) return;
    parent_.reset(
        check(::open(place.above.back().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open the hierarchy"));
  }
  ~HomeKeeper() {
    if (parent_) ::unlinkat(parent_.get(), name_.c_str(), AT_REMOVEDIR);
  }
  HomeKeeper(const HomeKeeper&) = delete;
  HomeKeeper& operator=(const HomeKeeper&) = delete;

 private:
  std::string name_;
  UniqueFd parent_;
};

class CgroupV2 : public Cgroup {
 public:
  explicit CgroupV2(const CgroupOptions& options)
      : place_(find_usable_place()), home_keeper_(place_), box_(make_box_folder(place_)) {
    hand_on_to_runs("memory", layers_[0]);
    hand_on_to_runs("pids", layers_[1]);
    layers_[2] = {"cpu-cgroup", true, "cgroup v2"};
    if (options.max_cores) limit_cores(*options.max_cores, layers_.emplace_back(Layer{"cpu-quota"}));
    if (!options.cpus.empty()) choose_cpus(options.cpus, layers_.emplace_back(Layer{"cpu-set"}));
    prepare_run();
    if (run_->memory) layers_[0].reason = run_->memory->describe();
  }

  std::vector<Layer> layers() const override { return layers_; }
  bool limits_memory() const override { return layers_[0].active; }
  bool limits_processes() const override { return layers_[1].active; }
  bool counts_cpu() const override { return true; }

  ~CgroupV2() override {
    if (run_) retired_.push_back(std::move(*run_));
    remove_retired();
  }
  CgroupV2(const CgroupV2&) = delete;
  CgroupV2& operator=(const CgroupV2&) = delete;

  void prepare_run() override {
    if (run_ && run_->was_used() && run_->memory && !run_->memory->take_stock_for_next_run()) {
      retired_.push_back(std::move(*run_));
      run_.reset();
    }
    remove_retired();
    if (run_) return;
    run_.emplace(box_->fd(), std::string(kRunPrefix) + std::to_string(++runs_), limits_memory(),
                 limits_processes());
  }
  void tidy() override { remove_retired(); }
  int birth_fd() const override { return run_->fd(); }
  void begin_run(const protocol::Limits& limits, std::uint32_t departing) override {
    assert(run_);
    run_->begin_run(limits, departing);
  }

  std::optional<std::chrono::nanoseconds> cpu_time() const override { return run_->cpu_time(); }
  std::optional<std::uint64_t> peak_memory() const override {
    return run_->memory ? run_->memory->peak() : std::nullopt;
  }
  pollfd memory_interest() const override {
    return run_->memory ? run_->memory->interest() : pollfd{-1, 0, 0};
  }
  // Reclaim that has succeeded wakes us as well, at most a hundred times a second (cgroup_file_notify).
  bool memory_ran_out() override { return out_of_memory(); }
  bool out_of_memory() const override { return run_->memory && run_->memory->out_of_memory(); }
  bool process_limit_hit() const override { return run_->pids && run_->pids->limit_hit(); }

 private:
  // The last run's init may be on its way out: then the next time.
  void remove_retired() {
    std::erase_if(retired_, [](RunFolder& folder) { return folder.remove(); });
  }

  // A controller that cannot be had is a missing layer with its reason, not a failure.
  void hand_on_to_runs(const std::string& controller, Layer& layer) {
    layer.reason = hand_on(place_, controller);
    if (!layer.reason.empty()) return;
    const UniqueFd control = open_cgroup_file(box_->fd(), "cgroup.subtree_control", O_WRONLY);
    layer.active = try_write_text(control, "+" + controller);
    layer.reason = layer.active
                       ? "cgroup v2"
                       : "hand " + controller + " on to runs: " + std::generic_category().message(errno);
  }

  void limit_cores(unsigned cores, Layer& layer) {
    layer.reason = hand_on(place_, "cpu");
    if (!layer.reason.empty()) return;
    const std::string text = std::to_string(cores * kPeriodUs) + " " + std::to_string(kPeriodUs);
    set_for_box("cpu.max", text, layer);
  }

  // The kernel takes CPUs that it cannot give, and gives others: only what has become of it counts.
  void choose_cpus(const std::string& cpus, Layer& layer) {
    layer.reason = hand_on(place_, "cpuset");
    if (!layer.reason.empty()) return;
    set_for_box("cpuset.cpus", cpus, layer);
    const std::string wanted = read_for_box("cpuset.cpus"), given = read_for_box("cpuset.cpus.effective");
    if (given == wanted) return;
    layer = {layer.name, false, "of CPUs " + cpus + " the host gives " + given.substr(0, given.find('\n'))};
  }

  void set_for_box(const char* file, const std::string& text, Layer& layer) {
    layer.active = try_write_text(open_cgroup_file(box_->fd(), file, O_WRONLY), text);
    layer.reason = layer.active ? "cgroup v2"
                                : std::string("set ") + file + ": " + std::generic_category().message(errno);
  }
  std::string read_for_box(const char* file) const {
    return read_text(open_cgroup_file(box_->fd(), file, O_RDONLY).get());
  }

  // In the order in which they are made; they go in the reverse one.
  CgroupPlace place_;
  HomeKeeper home_keeper_;
  std::unique_ptr<CgroupFolder> box_;
  std::optional<RunFolder> run_;
  std::vector<RunFolder> retired_;
  std::uint64_t runs_ = 0;
  std::vector<Layer> layers_{{"memory-cgroup"}, {"pids-cgroup"}, {"cpu-cgroup"}};
};

}  // namespace

std::unique_ptr<Cgroup> make_cgroup_v2(const CgroupOptions& options, std::string& reason) try {
  return std::make_unique<CgroupV2>(options);
} catch (const std::exception& error) {
  reason = error.what();
  return nullptr;
}

}  // namespace rota::sandbox
