#include "sandbox/payload.hpp"

#include <fcntl.h>
#include <grp.h>
#include <linux/securebits.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/unique_fd.hpp"
#include "sandbox/child_steps.hpp"
#include "sandbox/syscalls.hpp"

namespace rota::sandbox {
namespace {

constexpr int kHighestCapability = 63;
constexpr unsigned long kLockedSecurebits = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP |
                                            SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_KEEP_CAPS_LOCKED |
                                            SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED;

class Payload {
 public:
  explicit Payload(const RunPlan& plan) : plan_(plan), steps_(plan.control) {}

  [[noreturn]] void run() {
    start_session();
    prefer_for_oom();
    set_standard_streams();
    close_the_rest_on_exec();
    enter_work();
    reset_signals();
    give_up_privileges();
    set_resource_limits();
    load_seccomp_filter();
    become_the_program();
  }

 private:
  void start_session() { steps_.take(Step::new_session, ::setsid()); }

  // Init must outlive the payload when memory runs out. A user who is not root may write the file only of a
  // process that is dumpable; exec makes it so in any case.
  void prefer_for_oom() {
    if (!plan_.identity.privileged) ::prctl(PR_SET_DUMPABLE, 1);
    const UniqueFd file(
        steps_.take(Step::prefer_for_oom, ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC)));
    steps_.take(Step::prefer_for_oom, ::write(file.get(), "1000", 4));
  }

  // The sources all lie above 2, save a standard stream of `rota-box run` that is already in its place.
  void set_standard_streams() {
    for (int target = 0; target < 3; ++target) {
      const int source = plan_.standard_fds[static_cast<std::size_t>(target)];
      if (source == target) continue;
      steps_.take(Step::set_standard_streams, ::dup2(source, target));
    }
  }

  void close_the_rest_on_exec() {
    steps_.take(Step::close_on_exec, ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC));
  }

  void enter_work() { steps_.take(Step::enter_work, ::chdir("/work")); }

  void reset_signals() {
    sigset_t none;
    ::sigemptyset(&none);
    steps_.take(Step::reset_signals, ::sigprocmask(SIG_SETMASK, &none, nullptr));
    if (::signal(SIGPIPE, SIG_DFL) == SIG_ERR) steps_.fail(Step::reset_signals, errno);
  }

  // The order matters: each call needs a capability that a later one takes away.
  void give_up_privileges() {
    drop_bounding_set();
    steps_.take(Step::lock_securebits, ::prctl(PR_SET_SECUREBITS, kLockedSecurebits));
    if (plan_.identity.privileged) steps_.take(Step::set_groups, ::setgroups(0, nullptr));
    const gid_t gid = plan_.identity.gid;
    const uid_t uid = plan_.identity.uid;
    steps_.take(Step::set_gid, ::syscall(SYS_setresgid, gid, gid, gid));
    steps_.take(Step::set_uid, ::syscall(SYS_setresuid, uid, uid, uid));
    steps_.take(Step::clear_ambient_set, ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0));
    steps_.take(Step::clear_capabilities, set_capabilities(0));
    steps_.take(Step::forbid_new_privileges, ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
  }

  void drop_bounding_set() {
    for (int capability = 0; capability <= kHighestCapability; ++capability) {
      if (::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0) continue;
      if (errno == EINVAL) return;  // past the last capability that this kernel has
      steps_.fail(Step::drop_bounding_set, errno);
    }
  }

  void set_resource_limits() {
    for (const ResourceLimit& limit : plan_.resource_limits) {
      steps_.take(Step::set_resource_limit, ::setrlimit(limit.kind, &limit.value));
    }
  }

  void load_seccomp_filter() { steps_.take(Step::load_filter, sandbox::load_filter(plan_.filter)); }

  [[noreturn]] void become_the_program() {
    int problem = ENOENT;
    for (const char* path : plan_.programs) {
      ::execve(path, plan_.argv.data(), plan_.environment.data());
      if (errno != ENOENT && errno != ENOTDIR) problem = errno;
      if (problem != ENOENT && problem != EACCES) break;
    }
    steps_.fail(Step::start_program, problem);
  }

  const RunPlan& plan_;
  ChildSteps steps_;
};

}  // namespace

void run_payload(const RunPlan& plan) {
  Payload(plan).run();
}

}  // namespace rota::sandbox
