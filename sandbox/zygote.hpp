#pragma once
// The zygote: a process that lives in the box's cgroup and network namespace, under the seccomp filter, and makes the
// processes of each run, so that they are born with all of it: joining a cgroup costs up to 20 ms, loading a filter
// half a millisecond, a network namespace as much; being born there costs nothing.
//
//   supervisor ──prepare──▶ zygote ──clone3: fresh pid, mount, IPC and UTS namespace──▶ init ──clone3──▶ payload
//   supervisor ◀──news── payload: everything is set up, it waits to go
//   supervisor ──go──▶ payload: copies the inputs, sets its limits, execs
//   supervisor ◀──news── init: all of the run have ended
//
// A run is prepared before it is asked for. The words between the processes are eventfds and a RunBlock; they share
// one descriptor table, which the payload leaves before it execs.

#include <sched.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "base/unique_fd.hpp"
#include "sandbox/identity.hpp"
#include "sandbox/landlock.hpp"
#include "sandbox/run_block.hpp"
#include "sandbox/seccomp_program.hpp"

namespace rota::sandbox {

// What a zygote is born with. All must outlive it.
struct ZygoteBasis {
  const Identity& identity;
  const SeccompProgram& filter;
  const std::string& host_name;
  int host_proc = -1;  // the host's /proc, opened before the root changed
  const LandlockRuleset& landlock;
  const cpu_set_t& cores;       // that programs may use
  bool chooses_policy = false;  // see core_choice.hpp
  bool shows_proc = false;      // the supervisor reads CPU times from the run's /proc
};

// The mapping of a RunBlock.
class SharedBlock {
 public:
  SharedBlock();
  ~SharedBlock();
  SharedBlock(const SharedBlock&) = delete;
  SharedBlock& operator=(const SharedBlock&) = delete;

  RunBlock& operator*() const { return *block_; }
  RunBlock* operator->() const { return block_; }

 private:
  RunBlock* block_;
};

class Zygote {
 public:
  // join_fds: each takes "0\n" of a process that is to join a cgroup. Throws std::runtime_error with the step that
  // failed.
  Zygote(const ZygoteBasis& basis, std::span<const int> join_fds);
  ~Zygote();  // with every process of it
  Zygote(const Zygote&) = delete;
  Zygote& operator=(const Zygote&) = delete;

  enum class Wait { rung, gone, too_late };

  pid_t pid() const { return pid_; }

  // Asks for the next run's processes; the last run's init must have been taken by take_init(). birth_cgroup: for
  // CLONE_INTO_CGROUP, -1 for the zygote's own.
  void prepare(int birth_cgroup);

  // Until the payload waits to go. False where it cannot be had: the zygote has died or a step failed, which
  // failure() tells. A payload that has come so far and was ended since shows in the run: NeverBegan.
  bool wait_until_prepared();
  std::string failure() const;

  // A run that is prepared, or being prepared, has not been taken.
  bool has_next() const { return has_next_; }

  void go();

  RunBlock& block() const { return *block_; }
  int news_fd() const { return news_.get(); }  // readable when the phase has changed
  void clear_news() const;

  // Init's process, which becomes the caller's to wait for.
  pid_t take_init();

  // The descriptor that the filter's notifications come from, see seccomp_unotify(2).
  int notifications() const { return notifications_.get(); }

  // /proc/PID/net/sockstat of the zygote. Once.
  UniqueFd take_socket_counts() { return UniqueFd(std::exchange(block_->socket_counts, -1)); }

 private:
  void bring_to_life(bool own_users);
  void wait_for_birth();
  void end_prepared();
  void drain_go() const;

  const ZygoteBasis& basis_;
  SharedBlock block_;
  UniqueFd supervisor_, prepare_, go_, news_, pidfd_, notifications_;
  pid_t pid_ = -1;
  Wait last_wait_ = Wait::rung;
  bool has_next_ = false;  // a run is being prepared, or is prepared and has not been taken
};

}  // namespace rota::sandbox
