#include "sandbox/init.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>

#include "base/unique_fd.hpp"
#include "sandbox/child_steps.hpp"
#include "sandbox/payload.hpp"
#include "sandbox/syscalls.hpp"

namespace rota::sandbox {
namespace {

constexpr std::size_t kCopyBytes = 1 << 30;  // in one call; the kernel takes less at a time
constexpr std::uint64_t kOutputFlags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
constexpr std::uint64_t kOutputResolve =
    RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV;

std::uint64_t read_clock(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(time.tv_nsec);
}

std::uint64_t to_ns(const timeval& time) {
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(time.tv_usec) * 1'000;
}

class Init {
 public:
  explicit Init(const RunPlan& plan) : plan_(plan), steps_(plan.control) {}

  [[noreturn]] void run() {
    die_with_supervisor();
    join_cgroup();
    take_host_name();
    mount_work_and_tmp();
    mount_proc();
    bring_inputs();
    start_payload();
    keep_only_what_is_needed();
    const int status = wait_for_payload();
    end_everybody_else();
    report_end(status);
    hand_out_outputs();
    ::_exit(0);
  }

 private:
  // The supervisor may be dead before we ask; then its end of the socket, of which
  // ours was the last copy, is closed.
  void die_with_supervisor() {
    steps_.take(Step::die_with_supervisor, ::prctl(PR_SET_PDEATHSIG, SIGKILL));
    UniqueFd(plan_.supervisor_control).reset();
    pollfd supervisor{plan_.control, 0, 0};
    if (::poll(&supervisor, 1, 0) > 0 && (supervisor.revents & POLLHUP) != 0) ::_exit(ChildSteps::kFailed);
  }

  void join_cgroup() {
    for (const int fd : plan_.join_fds) steps_.take(Step::join_cgroup, ::write(fd, "0\n", 2));
    if (plan_.join_fds.empty() && !plan_.is_born_in_cgroup) return;
    steps_.take(Step::unshare_cgroup_namespace, ::unshare(CLONE_NEWCGROUP));
  }

  void take_host_name() {
    steps_.take(Step::set_host_name, ::sethostname(plan_.host_name.data(), plan_.host_name.size()));
  }

  void mount_work_and_tmp() {
    constexpr unsigned long kFlags = MS_NOSUID | MS_NODEV;
    steps_.take(Step::mount_work, ::mount("work", "/work", "tmpfs", kFlags, plan_.work_options.c_str()));
    steps_.take(Step::mount_tmp, ::mount("tmp", "/tmp", "tmpfs", kFlags, plan_.tmp_options.c_str()));
    work_.reset(steps_.take(Step::open_work, ::open("/work", O_PATH | O_DIRECTORY | O_CLOEXEC)));
  }

  // In a user namespace the kernel gives a new /proc only while an old one is to be seen
  // (mount_namespaces(7)): it is made first, then takes the old one's place.
  void mount_proc() {
    const UniqueFd context(steps_.take(Step::mount_proc, ::fsopen("proc", FSOPEN_CLOEXEC)));
    const auto set = [&](const char* key, const char* value) {
      steps_.take(Step::mount_proc, ::fsconfig(context.get(), FSCONFIG_SET_STRING, key, value, 0));
    };
    set("hidepid", "invisible");
    set("subset", "pid");
    steps_.take(Step::mount_proc, ::fsconfig(context.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr, 0));
    constexpr unsigned kAttributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;
    const UniqueFd proc(
        steps_.take(Step::mount_proc, ::fsmount(context.get(), FSMOUNT_CLOEXEC, kAttributes)));
    if (plan_.identity.proc_must_be_seen) steps_.take(Step::mount_proc, ::umount2("/proc", MNT_DETACH));
    steps_.take(Step::mount_proc, ::move_mount(proc.get(), "", AT_FDCWD, "/proc", MOVE_MOUNT_F_EMPTY_PATH));
    if (!plan_.send_proc) return;
    proc_.reset(steps_.take(Step::mount_proc, ::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
  }

  void bring_inputs() {
    for (const InputFile& input : plan_.spec->inputs) bring(input);
  }

  void bring(const InputFile& input) {
    constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    const mode_t mode = input.executable ? 0700 : 0600;
    const UniqueFd file(
        steps_.take(Step::create_input, ::openat(work_.get(), input.name.c_str(), kFlags, mode)));
    off_t offset = 0;
    while (steps_.take(Step::copy_input, ::sendfile(file.get(), input.fd, &offset, kCopyBytes)) > 0) continue;
    steps_.take(Step::own_input, ::fchown(file.get(), plan_.identity.uid, plan_.identity.gid));
  }

  void start_payload() {
    const std::uint64_t start = read_clock(CLOCK_MONOTONIC);
    payload_ = steps_.take(Step::start_payload, clone_process(0, nullptr));
    if (payload_ == 0) run_payload(plan_);
    send_control(
        plan_.control,
        {.kind = ControlKind::started, .time_ns = start, .init_cpu_ns = read_clock(CLOCK_PROCESS_CPUTIME_ID)},
        proc_.get());
  }

  // Our copies of the output pipes above all: their readers wait for the last one to close. A privileged init
  // keeps the right to end the payload's processes and to open what they wrote, and no other.
  void keep_only_what_is_needed() {
    const int first = std::min(plan_.control, work_.get());
    const int second = std::max(plan_.control, work_.get());
    proc_.reset();
    if (first > 0) ::close_range(0, static_cast<unsigned>(first) - 1, 0);
    if (second > first + 1)
      ::close_range(static_cast<unsigned>(first) + 1, static_cast<unsigned>(second) - 1, 0);
    ::close_range(static_cast<unsigned>(second) + 1, ~0U, 0);
    constexpr std::uint64_t kKept = 1ull << CAP_KILL | 1ull << CAP_DAC_READ_SEARCH;
    steps_.take(Step::drop_init_capabilities, set_capabilities(kKept));
  }

  int wait_for_payload() {
    for (;;) {
      int status = 0;
      const pid_t ended = ::wait4(-1, &status, __WALL, nullptr);
      if (ended == payload_) return status;
      if (ended < 0 && errno != EINTR) steps_.fail(Step::wait_for_payload, errno);
    }
  }

  // Children of the dying become ours, until nobody is left.
  static void end_everybody_else() {
    do {
      ::kill(-1, SIGKILL);
    } while (::wait4(-1, nullptr, __WALL, nullptr) > 0 || errno != ECHILD);
  }

  void report_end(int status) {
    rusage used{};
    ::getrusage(RUSAGE_CHILDREN, &used);
    send_control(plan_.control, {.kind = ControlKind::ended,
                                 .value = status,
                                 .time_ns = read_clock(CLOCK_MONOTONIC),
                                 .init_cpu_ns = read_clock(CLOCK_PROCESS_CPUTIME_ID),
                                 .children_cpu_ns = to_ns(used.ru_utime) + to_ns(used.ru_stime),
                                 .bytes = static_cast<std::uint64_t>(used.ru_maxrss) * 1024});
  }

  void hand_out_outputs() {
    for (std::uint32_t index = 0; index < plan_.spec->outputs.size(); ++index) hand_out(index);
  }

  // Nobody can change /work any more, and the name is resolved by rules that no
  // link, mount or device gets past.
  void hand_out(std::uint32_t index) {
    const char* name = plan_.spec->outputs[index].c_str();
    const UniqueFd file(open_beneath(work_.get(), name, kOutputFlags, kOutputResolve));
    if (!file && errno == ENOENT) return;
    const int problem = file ? find_problem_with(file.get()) : errno;
    struct stat status {};
    if (problem == 0) ::fstat(file.get(), &status);
    send_control(plan_.control,
                 {.kind = problem == 0 ? ControlKind::output : ControlKind::output_refused,
                  .index = index,
                  .value = problem,
                  .bytes = static_cast<std::uint64_t>(status.st_size)},
                 problem == 0 ? file.get() : -1);
  }

  int find_problem_with(int file) const {
    struct stat status {};
    if (::fstat(file, &status) < 0) return errno;
    if (!S_ISREG(status.st_mode)) return EINVAL;
    return static_cast<std::uint64_t>(status.st_size) > plan_.spec->output_file_bytes ? EFBIG : 0;
  }

  const RunPlan& plan_;
  ChildSteps steps_;
  UniqueFd work_, proc_;
  pid_t payload_ = -1;
};

}  // namespace

void run_init(const RunPlan& plan) {
  Init(plan).run();
}

}  // namespace rota::sandbox
