#pragma once
// The supervisor: a prepared box that takes one run after the other.
//
// Theory of operation
//
//   caller (rota-node, or `rota-box run`)
//      │  request: RunSpec + descriptors; answer: RunReply + descriptors          (serve.cpp, message.hpp)
//   supervisor ── host's pid namespace, own mount namespace, lives inside the prepared root, outside of the cgroup
//      │  prepared once: root tree, /work and /tmp, user and group, cgroup folders with open counters, compiled seccomp
//      │  filter, Landlock ruleset
//      │ fork, with a shared descriptor table                                     (zygote.hpp)
//      ▼
//   zygote ── lives in the box's cgroup, user namespace and empty network namespace, under the filter, without most
//      │  capabilities
//      │ clone3: new pid, mount, IPC and UTS namespace, ahead of the run; shared memory, so nothing is copied
//      ▼
//   init ── process 1 of the run: mounts /proc, reaps, ends whatever is left after the payload    (init.cpp)
//      │ clone3
//      ▼
//   payload ── gives up user and capabilities, enters Landlock, waits to go, then execs           (payload.cpp)
//
//   pipes: stdout and stderr of the payload → supervisor → the caller's sinks     (output_pump.cpp)
//   shared memory and eventfds: what to run, and what became of it                (run_block.hpp)
//   a second thread of the supervisor ends runs that keep the first one waiting    (watchdog.hpp)
//   seccomp notifications: forbidden calls → supervisor                           (forbidden_call.hpp)
//
// Who ends whom. The supervisor ends a run by killing init, and with process 1 the kernel ends the whole pid
// namespace. Zygote and init are the supervisor's children and die with it (PR_SET_PDEATHSIG), so a killed supervisor
// leaves no process; its cgroup folders are swept by the next box that starts. A zygote that dies is replaced. The
// supervisor ends when its caller's socket closes.
//
// What one run could leave for the next. Its processes, pid, IPC and UTS namespace and mounts end with it. The tmpfs
// of /work and /tmp, the network namespace, the cgroup and the standard streams are looked at after each run: what is
// not provably as new is replaced (work_area.hpp, network_watch.hpp, cgroup.hpp, standard_streams.hpp).
//
// What judged code has made is never resolved by a path: the supervisor opens the outputs beneath /work, after every
// process of the run is gone and without following any link, and only descriptors leave the box.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sandbox/network_watch.hpp"
#include "sandbox/root.hpp"
#include "sandbox/run_session.hpp"

namespace rota::sandbox {

struct BoxOptions {
  std::optional<uid_t> uid;  // of judged programs; absent: an own one, see choose_identity
  std::optional<gid_t> gid;
  CgroupOptions cgroup;
  std::optional<unsigned> core;            // where the box's own processes stay, see stay_on_one_core
  std::vector<std::string> allow_missing;  // layers that the operator does without, see layers.hpp
  RootOptions root;
};

class Supervisor {
 public:
  // Moves this process into namespaces and a root of its own: there is one Supervisor in a process, and until
  // then a single thread. Throws std::exception with the step that failed.
  explicit Supervisor(const BoxOptions& options);

  // Also those that are missing: what follows from that is the caller's to say, see require_layers().
  const std::vector<Layer>& layers() const { return layers_; }

  // Every failure is in the report (cause box_failure); spec's descriptors are borrowed.
  RunReply run(const RunSpec& spec, std::span<const Interruption> interruptions);

  // To be called after each run, when its answer is out: clears up after it and prepares the next. Throws
  // std::exception where that cannot be done.
  void prepare_next();

  // While nothing is to be done: what to wait for (-1: nothing), and what to do then.
  int idle_interest() const { return basis_.departing.interest(); }
  void on_idle() {
    basis_.departing.reap();
    basis_.cgroup->tidy();
  }

 private:
  RunReply run_prepared(const RunSpec& spec, std::span<const Interruption> interruptions);
  void prepare_run();
  void start_zygote();
  void require_prepared_run();
  void collect_layers(CgroupChoice wanted);

  std::string host_name_;
  SeccompProgram filter_;
  LandlockRuleset landlock_;
  UniqueFd host_proc_;
  std::optional<ZygoteBasis> zygote_basis_;
  RunBasis basis_;
  std::optional<NetworkWatch> network_;
  std::vector<Layer> layers_;
};

}  // namespace rota::sandbox
