#include "sandbox/supervisor.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>

#include "base/check.hpp"

namespace rota::sandbox {
namespace {

void append(std::vector<Layer>& layers, std::vector<Layer> more) {
  layers.insert(layers.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

// The walls that stand wherever a run is made at all: a run whose step fails does not start.
std::vector<Layer> constant_layers() {
  const std::string fresh = "fresh for each run";
  return {{"pid-namespace", true, fresh},
          {"mount-namespace", true, fresh},
          {"network-namespace", true, fresh + ", loopback down"},
          {"ipc-namespace", true, fresh},
          {"uts-namespace", true, fresh},
          {"root", true, "pivot_root into a read-only root of listed paths"},
          {"work-and-tmp", true, "fresh tmpfs for each run, bounded in size and inodes"},
          {"proc", true, "own, hidepid=invisible, subset=pid"},
          {"capabilities", true, "all sets empty, securebits locked"},
          {"no-new-privs", true, "set"},
          {"resource-limits", true, "core, file size, open files, stack, CPU"},
          {"landlock", false, "not built yet"}};
}

}  // namespace

Supervisor::Supervisor(const BoxOptions& options) {
  basis_.host_name = options.root.host_name;
  basis_.identity = choose_identity(options.uid, options.gid);
  basis_.cgroup = make_cgroup(options.cgroup);
  basis_.cgroup->prepare_run();
  basis_.filter = build_seccomp_program();
  enter_own_namespaces(basis_.identity);
  enter_new_root(options.root, basis_.identity);
  basis_.null.reset(check(::open("/dev/null", O_RDWR | O_CLOEXEC), "open /dev/null"));
  // What judged code could read of us, and who may trace us: nobody. Children inherit it until they exec.
  check(::prctl(PR_SET_DUMPABLE, 0), "make the supervisor undumpable");
  append(layers_, identity_layers(basis_.identity));
  append(layers_, constant_layers());
  const bool has_cgroup = !basis_.cgroup->join_fds().empty() || basis_.cgroup->birth_fd() >= 0;
  layers_.push_back(
      {"cgroup-namespace", has_cgroup, has_cgroup ? "fresh for each run" : "there is no cgroup to hide"});
  layers_.push_back(seccomp_layer(basis_.filter));
  append(layers_, basis_.cgroup->layers());
}

void Supervisor::prepare_next() {
  basis_.cgroup->renew();
  basis_.cgroup->prepare_run();
}

RunReply Supervisor::run(const RunSpec& spec, std::span<const Interruption> interruptions) {
  try {
    return RunSession(basis_, spec, interruptions).execute();
  } catch (const std::exception& error) {
    RunReply reply;
    reply.report.detail = error.what();
    return reply;
  }
}

void reset_signals() {
  for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_DFL);  // refused for SIGKILL and SIGSTOP
  ::signal(SIGPIPE, SIG_IGN);
  sigset_t none;
  ::sigemptyset(&none);
  check(::sigprocmask(SIG_SETMASK, &none, nullptr), "unblock signals");
}

}  // namespace rota::sandbox
