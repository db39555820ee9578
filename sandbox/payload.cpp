// The process that becomes the program; its life in run_processes.hpp.

#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>

#include "sandbox/child_steps.hpp"
#include "sandbox/run_processes.hpp"
#include "sandbox/syscalls.hpp"

namespace rota::sandbox {
namespace {

constexpr std::size_t kCopyBytes = 1 << 30;  // in one call; the kernel takes less at a time

std::uint64_t read_clock(clockid_t clock) {
  timespec time{};
  raw::call(SYS_clock_gettime, clock, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(time.tv_nsec);
}

class Payload {
 public:
  explicit Payload(const RunContext& context)
      : context_(context), basis_(*context.basis), block_(*context.block), steps_(block_, context.news) {}

  [[noreturn]] void run() {
    start_session();
    change_user();
    enter_work();
    give_up_capabilities();
    enter_landlock();
    wait_to_go();
    leave_descriptor_table();
    bring_inputs();
    set_standard_streams();
    set_resource_limits();
    use_all_cores();
    schedule_normally();
    become_the_program();
  }

 private:
  void start_session() { steps_.take(Step::new_session, raw::call(SYS_setsid)); }

  // Capabilities stay for now: the zygote has locked the securebits that way.
  void change_user() {
    const gid_t gid = basis_.identity.gid;
    const uid_t uid = basis_.identity.uid;
    steps_.take(Step::set_gid, raw::call(SYS_setresgid, gid, gid, gid));
    steps_.take(Step::set_uid, raw::call(SYS_setresuid, uid, uid, uid));
  }

  void enter_work() { steps_.take(Step::enter_work, raw::call(SYS_chdir, "/work")); }

  void give_up_capabilities() {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    const __user_cap_data_struct data[2] = {{0, 0, 0}, {0, 0, 0}};
    steps_.take(Step::clear_capabilities, raw::call(SYS_capset, &header, data));
  }

  // A domain of the run's own, beneath which signals and abstract sockets stay.
  void enter_landlock() {
    if (!basis_.landlock.fd) return;
    steps_.take(Step::enter_landlock, raw::call(SYS_landlock_restrict_self, basis_.landlock.fd.get(),
                                                basis_.landlock.restrict_flags, 0, 0, 0, basis_.filter.key));
  }

  void wait_to_go() {
    block_.phase = Phase::prepared;
    ring(context_.news);
    await_ring(context_.go);
    block_.went = true;
    block_.prepare_cpu_ns = read_clock(CLOCK_PROCESS_CPUTIME_ID);
  }

  // With the supervisor's descriptors as they are now, the run's own among them.
  void leave_descriptor_table() {
    steps_.take(Step::close_on_exec,
                raw::call(SYS_close_range, 3, ~0U, CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC));
  }

  void bring_inputs() {
    for (std::uint32_t i = 0; i < block_.input_count; ++i) bring(block_.inputs[i]);
  }

  // Nobody else is in /work yet, so that no folder of the name can be a link.
  void make_folders(char* name) {
    for (char* at = name; *at != '\0'; ++at) {
      if (*at != '/') continue;
      *at = '\0';
      const long made = raw::call(SYS_mkdirat, AT_FDCWD, name, 0700);
      if (made != -EEXIST) steps_.take(Step::create_input, made);
      *at = '/';
    }
  }

  void bring(BlockInput& input) {
    make_folders(input.name);
    constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    const long file =
        steps_.take(Step::create_input, raw::call(SYS_openat, AT_FDCWD, input.name, kFlags, input.mode));
    off_t offset = 0;
    while (steps_.take(Step::copy_input, raw::call(SYS_sendfile, file, input.fd, &offset, kCopyBytes)) > 0)
      continue;
    raw::call(SYS_close, file);
  }

  // The sources all lie above 2, save a standard stream of `rota-box run` that is already in its place.
  void set_standard_streams() {
    for (int target = 0; target < 3; ++target) {
      const int source = block_.standard_fds[target];
      if (source == target) continue;
      steps_.take(Step::set_standard_streams, raw::call(SYS_dup2, source, target));
    }
  }

  void set_resource_limits() {
    for (std::uint32_t i = 0; i < block_.limit_count; ++i) {
      const ResourceLimit& limit = block_.limits[i];
      steps_.take(Step::set_resource_limit,
                  raw::call(SYS_setrlimit, static_cast<int>(limit.kind), &limit.value));
    }
  }

  // The box's own processes share a core, see core_choice.hpp.
  void use_all_cores() {
    const long result = raw::call(SYS_sched_setaffinity, 0, sizeof basis_.cores, &basis_.cores);
    if (result != -EINVAL)
      steps_.take(Step::use_all_cores, result);  // then the cgroup has other cores for us
  }

  void schedule_normally() {
    const sched_param none{0};
    if (!basis_.chooses_policy) return;
    steps_.take(Step::schedule_normally, raw::call(SYS_sched_setscheduler, 0, SCHED_OTHER, &none));
  }

  [[noreturn]] void become_the_program() {
    block_.start_cpu_ns = read_clock(CLOCK_PROCESS_CPUTIME_ID);
    block_.start_ns = read_clock(CLOCK_MONOTONIC);
    if (block_.program_fd >= 0) {
      steps_.take(Step::start_program, raw::call(SYS_execveat, block_.program_fd, "", block_.argv,
                                                 block_.environment, AT_EMPTY_PATH));
    }
    try_programs();
  }

  [[noreturn]] void try_programs() {
    long problem = -ENOENT;
    for (char** path = block_.programs; *path != nullptr; ++path) {
      const long result = raw::call(SYS_execve, *path, block_.argv, block_.environment);
      if (result != -ENOENT && result != -ENOTDIR) problem = result;
      if (problem != -ENOENT && problem != -EACCES) break;
    }
    steps_.fail(Step::start_program, static_cast<int>(-problem));
  }

  const RunContext& context_;
  const ZygoteBasis& basis_;
  RunBlock& block_;
  ChildSteps steps_;
};

}  // namespace

void run_payload(void* context) {
  Payload(*static_cast<const RunContext*>(context)).run();
}

}  // namespace rota::sandbox
