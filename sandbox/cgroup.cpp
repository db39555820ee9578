#include "sandbox/cgroup.hpp"

namespace rota::sandbox {
namespace {

class NoCgroup : public Cgroup {
 public:
  NoCgroup(const CgroupOptions& options, const std::string& reason)
      : layers_{{"memory-cgroup", false, reason + ": RLIMIT_AS for each process instead"},
                {"pids-cgroup", false, reason + ": RLIMIT_NPROC instead"},
                {"cpu-cgroup", false, reason + ": CPU time is read from /proc, every 10 ms at best"}} {
    if (options.max_cores) layers_.push_back({"cpu-quota", false, reason});
    if (!options.cpus.empty()) layers_.push_back({"cpu-set", false, reason});
  }

  std::vector<Layer> layers() const override { return layers_; }
  bool limits_memory() const override { return false; }
  bool limits_processes() const override { return false; }
  bool counts_cpu() const override { return false; }
  void begin_run(const protocol::Limits&, std::uint32_t) override {}

 private:
  std::vector<Layer> layers_;
};

}  // namespace

std::unique_ptr<Cgroup> make_no_cgroup(const CgroupOptions& options, const std::string& reason) {
  return std::make_unique<NoCgroup>(options, reason);
}

// Version 2 first: it gives nothing where its controllers are version 1's, as in the hybrid set-up.
std::unique_ptr<Cgroup> make_cgroup(const CgroupOptions& options) {
  if (options.choice == CgroupChoice::none) return make_no_cgroup(options, "switched off");
  std::string why_not_v2, why_not_v1;
  if (auto v2 = make_cgroup_v2(options, why_not_v2)) return v2;
  if (auto v1 = make_cgroup_v1(options, why_not_v1)) return v1;
  return make_no_cgroup(options, why_not_v2 + "; " + why_not_v1);
}

}  // namespace rota::sandbox
