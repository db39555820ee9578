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
#include "sandbox/cgroup_v2_run.hpp"

namespace rota::sandbox {
namespace {

constexpr int kHomeAttempts = 100;

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
    if (run_) {
      if (run_->pids) run_->pids->prepare_run();
      return;
    }
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
    const std::string text = std::to_string(cores * kCpuPeriodUs) + " " + std::to_string(kCpuPeriodUs);
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
