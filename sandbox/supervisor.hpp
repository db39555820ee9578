#pragma once
// The supervisor: a prepared box that takes one run after the other.
//
// Theory of operation
//
//   caller (rota-node, or `rota-box run`)
//      │  request: RunSpec + descriptors; answer: RunReply + descriptors          (serve.cpp, message.hpp)
//   supervisor ── host's pid namespace, own mount namespace, lives inside the prepared root
//      │  prepared once: root tree, user and group, cgroup folders with open counters, compiled seccomp filter
//      │
//      │ clone3: new pid, mount, network, IPC and UTS namespace, pidfd            (run_session.cpp)
//      ▼
//   init ── process 1 of the run: joins the cgroup, mounts fresh /work, /tmp and /proc, copies the inputs,
//      │    reaps, ends whatever is left after the payload, opens the outputs     (init.cpp)
//      │ fork
//      ▼
//   payload ── gives up user, groups, capabilities and system calls, then execs   (payload.cpp)
//
//   pipes: stdout and stderr of the payload → supervisor → the caller's sinks     (output_pump.cpp)
//          control socket: init and payload (until exec) → supervisor             (control.hpp)
//
// Who ends whom. The supervisor ends a run by killing init, and with process 1 the kernel ends the whole pid
// namespace. Init dies with the supervisor (PR_SET_PDEATHSIG), so a killed supervisor leaves no process; its
// cgroup folders are swept by the next box that starts. The supervisor ends when its caller's socket closes.
//
// What judged code has made is never resolved by name outside: init opens the outputs beneath
// /work, after every other process of the run is gone, and only descriptors leave the box.
// /work and /tmp vanish with their namespace.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sandbox/root.hpp"
#include "sandbox/run_session.hpp"

namespace rota::sandbox {

struct BoxOptions {
  std::optional<uid_t> uid;  // of judged programs; absent: an own one, see choose_identity
  std::optional<gid_t> gid;
  CgroupOptions cgroup;
  RootOptions root;
};

class Supervisor {
 public:
  // Moves this process into namespaces and a root of its own: there is one Supervisor in a process, and it
  // has a single thread. Throws std::exception with the step that failed.
  explicit Supervisor(const BoxOptions& options);

  const std::vector<Layer>& layers() const { return layers_; }

  // Every failure is in the report (cause box_failure); spec's descriptors are borrowed.
  RunReply run(const RunSpec& spec, std::span<const Interruption> interruptions);

  // To be called after each run, when its answer is out: what can wait is done here. Throws
  // std::system_error.
  void prepare_next();

 private:
  RunBasis basis_;
  std::vector<Layer> layers_;
};

// Signals as a fresh program has them, whatever the parent left; SIGPIPE
// ignored. To be called once at the start.
void reset_signals();

}  // namespace rota::sandbox
