#include "sandbox/cgroup.hpp"

namespace rota::sandbox {
namespace {

class NoCgroup : public Cgroup {
 public:
  explicit NoCgroup(std::string_view reason) : reason_(reason) {}

  std::vector<Layer> layers() const override {
    return {{"memory-cgroup", false, reason_ + ": RLIMIT_AS for each process instead"},
            {"pids-cgroup", false, reason_ + ": RLIMIT_NPROC instead"},
            {"cpu-cgroup", false, reason_ + ": CPU time is read from /proc, every 10 ms at best"}};
  }
  bool limits_memory() const override { return false; }
  bool limits_processes() const override { return false; }
  bool counts_cpu() const override { return false; }
  void begin_run(const protocol::Limits&, std::uint32_t) override {}
  std::span<const int> join_fds() const override { return {}; }
  int birth_fd() const override { return -1; }
  std::optional<std::chrono::nanoseconds> cpu_time() const override { return std::nullopt; }
  std::optional<std::uint64_t> peak_memory() const override { return std::nullopt; }
  int memory_event_fd() const override { return -1; }
  bool out_of_memory() const override { return false; }
  bool process_limit_hit() const override { return false; }
  bool needs_renewal() const override { return false; }
  void renew() override {}

 private:
  std::string reason_;
};

}  // namespace

std::unique_ptr<Cgroup> make_no_cgroup(std::string_view reason) {
  return std::make_unique<NoCgroup>(reason);
}

std::unique_ptr<Cgroup> make_cgroup(CgroupChoice choice) {
  if (choice == CgroupChoice::none) return make_no_cgroup("switched off");
  if (auto cgroup = make_cgroup_v1()) return cgroup;
  return make_no_cgroup("no writable cgroup v1 hierarchy");
}

}  // namespace rota::sandbox
