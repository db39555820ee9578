// Process 1 of a run; its life in run_processes.hpp.

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#include <cerrno>

#include "sandbox/child_steps.hpp"
#include "sandbox/run_processes.hpp"
#include "sandbox/syscalls.hpp"

namespace rota::sandbox {
namespace {

ChildStack payload_stack;

class Init {
 public:
  explicit Init(const RunContext& context)
      : context_(context), basis_(*context.basis), block_(*context.block), steps_(block_, context.news) {}

  [[noreturn]] void run() {
    die_with_supervisor();
    hide_cgroups();
    mount_proc();
    start_payload();
    drop_capabilities();
    block_.wait_status = wait_for_payload();
    end_everybody_else();
    report_end();
    for (;;)
      raw::call(
          SYS_pause);  // the supervisor ends us when its answer is out: our end takes the kernel a while
  }

 private:
  // The supervisor may be dead before we ask.
  void die_with_supervisor() {
    steps_.take(Step::die_with_supervisor, raw::call(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL));
    pollfd supervisor{context_.supervisor, POLLIN, 0};
    if (raw::call(SYS_poll, &supervisor, 1, 0) > 0) steps_.fail(Step::die_with_supervisor, ESRCH);
  }

  // Whatever cgroup we are in is the root of all that the run sees. Where the zygote has joined one (version 1) it has
  // seen to that, for all runs.
  void hide_cgroups() {
    if (!context_.join_fds.empty()) return;
    steps_.take(Step::unshare_cgroup_namespace,
                raw::call(SYS_unshare, CLONE_NEWCGROUP, 0, 0, 0, 0, basis_.filter.key));
  }

  // Only what belongs to processes, and of these only one's own; the rest of /proc tells of the host. In a user
  // namespace the kernel gives a new /proc only where an old one is to be seen (mount_namespaces(7)): it covers that
  // one, which nobody here may uncover.
  void mount_proc() {
    constexpr unsigned long kFlags = MS_NOSUID | MS_NODEV | MS_NOEXEC;
    constexpr const char* kOptions = "hidepid=invisible,subset=pid";
    steps_.take(Step::mount_proc,
                raw::call(SYS_mount, "proc", "/proc", "proc", kFlags, kOptions, basis_.filter.key));
    block_.proc = -1;
    if (!basis_.shows_proc) return;
    constexpr int kOpen = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
    block_.proc =
        static_cast<int>(steps_.take(Step::mount_proc, raw::call(SYS_openat, AT_FDCWD, "/proc", kOpen)));
  }

  void start_payload() {
    payload_ = steps_.take(Step::start_payload, clone_sharing(context_, {}, payload_stack, run_payload));
  }

  void drop_capabilities() {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    const __user_cap_data_struct data[2] = {{1u << CAP_KILL, 1u << CAP_KILL, 0}, {0, 0, 0}};
    steps_.take(Step::drop_init_capabilities, raw::call(SYS_capset, &header, data));
  }

  int wait_for_payload() const {
    for (;;) {
      int status = 0;
      const long ended = raw::call(SYS_wait4, -1, &status, __WALL, nullptr);
      if (ended == payload_) return status;
      if (ended < 0 && ended != -EINTR) steps_.fail(Step::wait_for_payload, static_cast<int>(-ended));
    }
  }

  // Children of the dying become ours, until nobody is left.
  static void end_everybody_else() {
    long ended = raw::call(SYS_wait4, -1, nullptr, __WALL | WNOHANG, nullptr);
    while (ended != -ECHILD) {
      raw::call(SYS_kill, -1, SIGKILL);
      ended = raw::call(SYS_wait4, -1, nullptr, __WALL, nullptr);
    }
  }

  void report_end() {
    timespec now{};
    raw::call(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    block_.end_ns =
        static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(now.tv_nsec);
    raw::call(SYS_getrusage, RUSAGE_CHILDREN, &block_.usage);
    block_.phase = Phase::ended;
    ring(context_.news);
  }

  const RunContext& context_;
  const ZygoteBasis& basis_;
  RunBlock& block_;
  ChildSteps steps_;
  long payload_ = -1;
};

}  // namespace

void run_init(void* context) {
  Init(*static_cast<const RunContext*>(context)).run();
}

}  // namespace rota::sandbox
