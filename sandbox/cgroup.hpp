#pragma once
// The kernel's accounting and limits for all processes of a run together (cgroups(7)). One Cgroup belongs to
// one box; the supervisor itself stays outside. Which hierarchy stands behind the interface is the host's: in
// version 1 (cgroup_v1.cpp) the zygote joins, and runs are born there with it.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
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

  // Each takes "0\n" from the zygote, which joins at its birth; borrowed, valid until renew().
  virtual std::span<const int> join_fds() const = 0;

  // Where the next run's processes are to be born (CLONE_INTO_CGROUP); -1: where the zygote is.
  virtual int birth_fd() const = 0;

  // Sets the limits and zeroes the counters. own_processes: of the box, beside the payload's. Throws
  // std::system_error.
  virtual void begin_run(const protocol::Limits& limits, std::uint32_t own_processes) = 0;

  // CPU time of all processes since begin_run; nullopt where the host does not count it.
  virtual std::optional<std::chrono::nanoseconds> cpu_time() const = 0;

  // Highest memory use since begin_run: RAM and page cache charged to the run; nullopt where not counted.
  virtual std::optional<std::uint64_t> peak_memory() const = 0;

  // Readable (an eventfd) when memory ran out; -1 where the host cannot tell.
  virtual int memory_event_fd() const = 0;

  // Did the OOM killer end a process, was a fork refused, since begin_run?
  virtual bool out_of_memory() const = 0;
  virtual bool process_limit_hit() const = 0;

  // After a run's processes are gone and its answer is sent: whether the run left something charged, so that the
  // zygote must leave for renew() to make good for it.
  virtual bool needs_renewal() const = 0;
  virtual void renew() = 0;  // nothing lives in it
};

enum class CgroupChoice { automatic, none };

// Opens paths of the host, so before the root changes. Sweeps what dead boxes left. Never throws for a host
// without usable cgroups: that is said in layers().
std::unique_ptr<Cgroup> make_cgroup(CgroupChoice choice);

std::unique_ptr<Cgroup> make_cgroup_v1();  // nullptr where no controller of ours is writable
std::unique_ptr<Cgroup> make_no_cgroup(std::string_view reason);

}  // namespace rota::sandbox
