#pragma once
// The cgroup of one run, version 2: its folder with the limits and every counter. What throws, throws
// std::system_error.

#include <poll.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/unique_fd.hpp"
#include "protocol/limits.hpp"

namespace rota::sandbox {

// A setting that is written only when it changes: each write is a system call on the critical path.
class Setting {
 public:
  explicit Setting(UniqueFd file) : file_(std::move(file)) {}
  void set(std::uint64_t value, const char* what);
  void set_at_least(std::uint64_t value, const char* what);

 private:
  UniqueFd file_;
  std::optional<std::uint64_t> value_;
};

class RunMemory {
 public:
  explicit RunMemory(int folder);

  void begin_run(std::uint64_t limit_bytes);
  // Bytes since then; nullopt before Linux 5.19.
  std::optional<std::uint64_t> peak() const;
  // A kill alone may be for want of memory further up, in the host or in our service: not the run's doing.
  bool out_of_memory() const;
  // What changes in the file is an exceptional condition (kernfs); it always counts as readable.
  pollfd interest() const { return {events_.get(), POLLPRI, 0}; }

  // After a run: whether the next can be told from it.
  bool take_stock_for_next_run();

  std::string describe() const;

 private:
  struct Events {
    std::uint64_t kills = 0, limit_hits = 0;
  };

  void open_peak(int folder);
  Events count_events() const;

  Setting limit_;
  UniqueFd current_, events_, peak_;
  bool is_resettable_ = false, limits_swap_ = false;
  std::uint64_t left_over_ = 0;
  Events before_;
};

class RunPids {
 public:
  explicit RunPids(int folder);

  void prepare_run();  // the last run's limit may be too low for it
  void begin_run(std::uint32_t processes);
  bool limit_hit() const;

 private:
  Setting limit_;
  UniqueFd events_;
  std::uint64_t refused_before_ = 0;
};

// A run's folder with its files. cpu.stat is there without any controller.
class RunFolder {
 public:
  // box: the folder that it stands in, borrowed.
  RunFolder(int box, std::string name, bool has_memory, bool has_pids);

  // False while a process is left in it, be it one that is being buried.
  bool remove();

  // departing: inits of earlier runs, which are here only where those have used the folder.
  void begin_run(const protocol::Limits& limits, std::uint32_t departing);
  std::chrono::nanoseconds cpu_time() const;
  int fd() const { return folder_.get(); }
  bool was_used() const { return was_used_; }

  std::optional<RunMemory> memory;
  std::optional<RunPids> pids;

 private:
  std::uint64_t cpu_us() const;

  int box_;
  std::string name_;
  UniqueFd folder_, cpu_;
  std::uint64_t cpu_before_us_ = 0;
  bool was_used_ = false;
};

}  // namespace rota::sandbox
