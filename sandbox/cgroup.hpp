#pragma once
// The kernel's accounting and limits for all processes of a run together (cgroups(7)). One Cgroup belongs to
// one box; the supervisor itself stays outside, each run's init joins it by itself, before anything else.
// Which hierarchy stands behind the interface is the host's: version 1 (cgroup_v1.cpp) or none. Version 2
// belongs beside them, with clone3's CLONE_INTO_CGROUP in place of the descriptors to join by.

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

  // Sets the limits and zeroes the counters. Throws std::system_error.
  virtual void begin_run(const protocol::Limits& limits) = 0;

  // Each takes "0\n" from the process that is to join; borrowed, valid until renew().
  virtual std::span<const int> join_fds() const = 0;

  // CPU time of all processes since begin_run; nullopt where the host does not count it.
  virtual std::optional<std::chrono::nanoseconds> cpu_time() const = 0;

  // Highest memory use since begin_run: RAM and page cache charged to the run; nullopt where not counted.
  virtual std::optional<std::uint64_t> peak_memory() const = 0;

  // Readable (an eventfd) when memory ran out; -1 where the host cannot tell.
  virtual int memory_event_fd() const = 0;

  // Did the OOM killer end a process, was a fork refused, since begin_run?
  virtual bool out_of_memory() const = 0;
  virtual bool process_limit_hit() const = 0;

  // To be called after a run's processes are gone and its answer is sent: makes
  // good for what the run left charged.
  virtual void renew() = 0;
};

enum class CgroupChoice { automatic, none };

// Opens paths of the host, so before the root changes. Sweeps what dead boxes left. Never throws for a host
// without usable cgroups: that is said in layers().
std::unique_ptr<Cgroup> make_cgroup(CgroupChoice choice);

std::unique_ptr<Cgroup> make_cgroup_v1();  // nullptr where no controller of ours is writable
std::unique_ptr<Cgroup> make_no_cgroup(std::string_view reason);

}  // namespace rota::sandbox
