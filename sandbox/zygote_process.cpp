// The zygote's own life. Until the filter is loaded it may use the C library, since its memory is its own; from then
// on it makes children that share it. Not what the C library does in all threads, though (setgroups(3), setuid(3) and
// the like): its memory shows the supervisor's second thread, which is not here and would be waited for.

#include <fcntl.h>
#include <linux/securebits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>

#include "sandbox/child_steps.hpp"
#include "sandbox/run_processes.hpp"
#include "sandbox/syscalls.hpp"

namespace rota::sandbox {
namespace {

constexpr int kHighestCapability = 63;
constexpr unsigned long kLockedSecurebits = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP |
                                            SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_KEEP_CAPS_LOCKED |
                                            SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED;
// To make namespaces and mounts, to end a run's processes, and to hand the payload to its user.
constexpr std::uint64_t kKept =
    1ull << CAP_SYS_ADMIN | 1ull << CAP_KILL | 1ull << CAP_SETUID | 1ull << CAP_SETGID;

// Of each process, the same in all runs.
constexpr struct {
  __rlimit_resource kind;
  rlim_t most;
} kConstantLimits[] = {
    // Not 0: where core_pattern names a program, the kernel starts it as root for every crash, and 1 is its own word
    // for never (core(5), and fs/coredump.c). Where our own hard limit is 0 it stays that.
    {RLIMIT_CORE, 1},           {RLIMIT_NOFILE, 1024}, {RLIMIT_MSGQUEUE, 0}, {RLIMIT_SIGPENDING, 4096},
    {RLIMIT_MEMLOCK, 64 << 20}, {RLIMIT_RTPRIO, 0},    {RLIMIT_NICE, 0},
};

// The C library's calls answer with -1 and errno.
long result_of(long result) {
  return result < 0 ? -errno : result;
}

ChildStack init_stack;

class ZygoteProcess {
 public:
  explicit ZygoteProcess(const RunContext& context)
      : context_(context), basis_(*context.basis), block_(*context.block), steps_(block_, context.news) {}

  [[noreturn]] void run() {
    die_with_supervisor();
    await_ring(context_.prepare);  // our users are mapped
    join_cgroup();
    take_host_name();
    prefer_for_oom();
    take_audit_identity();
    set_constant_limits();
    open_socket_counts();
    reset_signals();
    let_others_go_on();
    give_up_privileges();
    load_seccomp_filter();
    ring(context_.news);
    for (;;) {
      await_ring(context_.prepare);
      make_init();
    }
  }

 private:
  // The supervisor may be dead before we ask.
  void die_with_supervisor() {
    take(Step::die_with_supervisor, ::prctl(PR_SET_PDEATHSIG, SIGKILL));
    pollfd supervisor{context_.supervisor, POLLIN, 0};
    if (::poll(&supervisor, 1, 0) > 0) ::_exit(ChildSteps::kFailed);
  }

  void join_cgroup() {
    for (const int fd : context_.join_fds) take(Step::join_cgroup, ::write(fd, "0\n", 2));
    if (!context_.join_fds.empty()) take(Step::unshare_cgroup_namespace, ::unshare(CLONE_NEWCGROUP));
  }

  void take_host_name() {
    take(Step::set_host_name, ::sethostname(basis_.host_name.data(), basis_.host_name.size()));
  }

  // Runs inherit it: the kernel is to choose one of them, or us, before the supervisor, which must tell of it and can
  // replace us.
  // A user who is not root may write the file only of a process that is dumpable.
  void prefer_for_oom() {
    if (!basis_.identity.privileged) ::prctl(PR_SET_DUMPABLE, 1);
    const auto file =
        take(Step::prefer_for_oom, ::openat(basis_.host_proc, "self/oom_score_adj", O_WRONLY | O_CLOEXEC));
    take(Step::prefer_for_oom, ::write(static_cast<int>(file), "1000", 4));
    ::close(static_cast<int>(file));
    take(Step::prefer_for_oom, ::prctl(PR_SET_DUMPABLE, 0));
  }

  // As audit(7) has it: whoever has none yet may choose, once. Programs are not to choose their own. Where the kernel
  // keeps none, or ours stands already, there is nothing to do.
  void take_audit_identity() {
    const int file = ::openat(basis_.host_proc, "self/loginuid", O_WRONLY | O_CLOEXEC);
    if (file < 0) return;
    const std::string text = std::to_string(basis_.identity.uid);
    if (::write(file, text.data(), text.size()) < 0) {
    }  // it stands already
    ::close(file);
  }

  void set_constant_limits() {
    for (const auto& [kind, most] : kConstantLimits) {
      rlimit limit{};
      ::getrlimit(kind, &limit);
      limit = {std::min(limit.rlim_max, most), std::min(limit.rlim_max, most)};
      take(Step::set_constant_limit, ::setrlimit(kind, &limit));
    }
  }

  // For the supervisor, which may not see our folder of /proc where that hides processes.
  void open_socket_counts() {
    block_.socket_counts = static_cast<int>(take(
        Step::open_socket_counts, ::openat(basis_.host_proc, "self/net/sockstat", O_RDONLY | O_CLOEXEC)));
  }

  void reset_signals() {
    sigset_t none;
    ::sigemptyset(&none);
    take(Step::reset_signals, ::sigprocmask(SIG_SETMASK, &none, nullptr));
    if (::signal(SIGPIPE, SIG_DFL) == SIG_ERR) steps_.fail(Step::reset_signals, errno);
    ::umask(022);
  }

  void let_others_go_on() {
    const sched_param none{0};
    if (basis_.chooses_policy) take(Step::let_others_go_on, ::sched_setscheduler(0, SCHED_BATCH, &none));
  }

  // Everything that runs inherit and that need not be done again for each. The order matters: each call needs a
  // capability that a later one takes away.
  void give_up_privileges() {
    drop_bounding_set();
    take(Step::lock_securebits, ::prctl(PR_SET_SECUREBITS, kLockedSecurebits));
    if (basis_.identity.privileged) take(Step::set_groups, ::syscall(SYS_setgroups, 0, nullptr));
    take(Step::clear_ambient_set, ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0));
    take(Step::clear_capabilities, set_capabilities(kKept));
    take(Step::forbid_new_privileges, ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
  }

  void drop_bounding_set() {
    for (int capability = 0; capability <= kHighestCapability; ++capability) {
      if (::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0) continue;
      if (errno == EINVAL) return;  // past the last capability that this kernel has
      steps_.fail(Step::drop_bounding_set, errno);
    }
  }

  void load_seccomp_filter() {
    block_.notifications = static_cast<int>(take(Step::load_filter, load_filter(basis_.filter.program())));
  }

  // Init is the supervisor's child, which waits for it; what it is killed by must not be our death.
  void make_init() {
    clone_args arguments{};
    arguments.flags = CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_PARENT | CLONE_PIDFD |
                      CLONE_PARENT_SETTID;
    // Written before it first runs: the supervisor knows of it whatever becomes of us.
    arguments.parent_tid = reinterpret_cast<std::uint64_t>(&block_.init);
    arguments.pidfd = reinterpret_cast<std::uint64_t>(&block_.init_pidfd);
    if (block_.birth_cgroup >= 0) {
      arguments.flags |= CLONE_INTO_CGROUP;
      arguments.cgroup = static_cast<std::uint64_t>(block_.birth_cgroup);
    }
    const long init = clone_sharing(context_, arguments, init_stack, run_init);
    if (init < 0) {
      block_.failed_step = Step::start_init;
      block_.failed_errno = static_cast<int>(-init);
      block_.failed = true;
    }
    ring(context_.news);
  }

  long take(Step step, long result) const { return steps_.take(step, result_of(result)); }

  const RunContext& context_;
  const ZygoteBasis& basis_;
  RunBlock& block_;
  ChildSteps steps_;
};

}  // namespace

void run_zygote(const RunContext& context) {
  ZygoteProcess(context).run();
}

long clone_sharing(const RunContext& context, clone_args arguments, ChildStack& stack, void (*entry)(void*)) {
  arguments.flags |= CLONE_VM | CLONE_FILES;
  if ((arguments.flags & CLONE_PARENT) == 0) arguments.exit_signal = SIGCHLD;  // else the zygote's own
  arguments.stack = reinterpret_cast<std::uint64_t>(stack.bytes);
  arguments.stack_size = ChildStack::kBytes;
  return raw::clone(arguments, entry, const_cast<RunContext*>(&context), context.basis->filter.key);
}

}  // namespace rota::sandbox
