#pragma once
// The kernel's accounting and limits for all processes of a run together (cgroups(7)). One Cgroup belongs to one box;
// the supervisor itself stays outside. Which hierarchy stands behind the interface is the host's: version 2
// (cgroup_v2.cpp), version 1 (cgroup_v1.cpp) or none.
//
// The order of calls: prepare_run, then the run's processes are made (in the zygote's cgroup, or in birth_fd), then
// begin_run when its limits are known; where the run has left something behind, renew when nobody lives in it.

#include <poll.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "protocol/limits.hpp"
#include "sandbox/spec.hpp"

namespace rota::sandbox {

class Cgroup {
 public:
  virtual ~Cgroup() = default;  // removes what it made

  virtual std::vector<Layer> layers() const = 0;
  virtual bool limits_memory() const = 0;
  virtual bool limits_processes() const = 0;
  virtual bool counts_cpu() const = 0;

  // Before a run's processes are made, off the critical path. Throws std::system_error.
  virtual void prepare_run() {}

  // Sets the limits and zeroes the counters, in microseconds. departing: inits of earlier runs that may still be
  // there. Throws std::system_error.
  virtual void begin_run(const protocol::Limits& limits, std::uint32_t departing) = 0;

  // Version 1: each takes "0\n" from the zygote, which joins at its birth; borrowed, valid until renew().
  virtual std::span<const int> join_fds() const { return {}; }

  // Version 2: the folder in which clone3's CLONE_INTO_CGROUP lets the run's processes be born; borrowed, valid until
  // the next prepare_run(). The process that clones must not have left our cgroup namespace. -1 otherwise.
  virtual int birth_fd() const { return -1; }

  // CPU time of all processes since begin_run; nullopt where the host does not count it.
  virtual std::optional<std::chrono::nanoseconds> cpu_time() const { return std::nullopt; }

  // Highest memory use since begin_run: RAM and page cache charged to the run; nullopt where not counted.
  virtual std::optional<std::uint64_t> peak_memory() const { return std::nullopt; }

  // Poll for exactly this, and when anything comes back ask memory_ran_out(), which also makes it quiet again: version
  // 2 wakes us for every change of a file, version 1 by an eventfd. fd is -1 where the host cannot tell.
  virtual pollfd memory_interest() const { return {-1, 0, 0}; }
  virtual bool memory_ran_out() { return false; }

  // Did the OOM killer end a process for the run's limit (version 1 cannot tell: for whatever reason), was a fork
  // refused, since begin_run?
  virtual bool out_of_memory() const { return false; }
  virtual bool process_limit_hit() const { return false; }

  // Version 1, after a run: whether it left something charged, so that the zygote must leave for renew() to make good
  // for it. Version 2 does that by itself in prepare_run().
  virtual bool needs_renewal() const { return false; }
  virtual void renew() {}

  // Version 2, while the box is idle: removes what earlier runs' inits have held until now.
  virtual void tidy() {}
};

enum class CgroupChoice { automatic, none };

struct CgroupOptions {
  CgroupChoice choice = CgroupChoice::automatic;
  std::optional<unsigned> max_cores;  // as much CPU time as that many cores give
  std::string cpus;                   // the only ones to run on, as cpuset(7) lists them: "0-2,5"; empty: any
};

// Opens paths of the host, so before the root changes. Sweeps what dead boxes left. Never throws for a host
// without usable cgroups: that is said in layers().
std::unique_ptr<Cgroup> make_cgroup(const CgroupOptions& options);

// These say in `reason` why they give nullptr.
std::unique_ptr<Cgroup> make_cgroup_v1(const CgroupOptions& options, std::string& reason);
std::unique_ptr<Cgroup> make_cgroup_v2(const CgroupOptions& options, std::string& reason);
std::unique_ptr<Cgroup> make_no_cgroup(const CgroupOptions& options, const std::string& reason);

}  // namespace rota::sandbox
