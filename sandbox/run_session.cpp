#include "sandbox/run_session.hpp"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>

#include "base/check.hpp"
#include "sandbox/init.hpp"
#include "sandbox/run_report.hpp"
#include "sandbox/syscalls.hpp"

namespace rota::sandbox {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

// Bounds of what is ours and not the payload's, so that no run can hang.
constexpr auto kSetUpBound = 60s;   // clone to payload: mounts, copies of the inputs
constexpr auto kWindUpBound = 20s;  // payload's end to init's: opening the outputs
constexpr auto kSinkBound = 30s;    // init's end to the last byte in the sinks
constexpr nanoseconds kFinestCpuStep = 1ms;
constexpr nanoseconds kFinestSampledStep = 10ms;  // what /proc can show

constexpr std::uint64_t kNamespaces =
    CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_PIDFD;

nanoseconds monotonic_now() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return std::chrono::seconds(time.tv_sec) + nanoseconds(time.tv_nsec);
}

nanoseconds to_duration(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

int count_cores() {
  cpu_set_t cores;
  return ::sched_getaffinity(0, sizeof cores, &cores) == 0 ? std::max(CPU_COUNT(&cores), 1) : 1;
}

// A folder would be a way out of the root (openat with ".."), a block device a way to the disk.
void require_safe_stdin(int fd) {
  struct stat status {};
  check(::fstat(fd, &status), "look at the run's stdin");
  if (S_ISDIR(status.st_mode) || S_ISBLK(status.st_mode))
    throw std::runtime_error("stdin is a folder or a block device");
}

}  // namespace

RunSession::RunSession(const RunBasis& basis, const RunSpec& spec,
                       std::span<const Interruption> interruptions)
    : basis_(basis), spec_(spec), interruptions_(interruptions) {
  const Cgroup& cgroup = *basis.cgroup;
  fill_plan(plan_,
            {basis.identity, basis.filter, basis.host_name, cgroup.join_fds(), cgroup.birth_fd() >= 0,
             cgroup.limits_memory(), cgroup.limits_processes(), cgroup.counts_cpu()},
            spec);
}

RunSession::~RunSession() {
  if (init_ <= 0) return;
  send_signal_by_pidfd(pidfd_.get(), SIGKILL);
  ::waitpid(init_, nullptr, __WALL);
}

RunReply RunSession::execute() {
  start_init();
  while (init_ > 0) wait_and_handle();
  clock_.arm_after(kSinkBound);
  while (!stdout_->is_done() || !stderr_->is_done()) wait_and_handle();
  return make_reply();
}

UniqueFd RunSession::make_pump(std::optional<OutputPump>& pump, int sink) {
  int ends[2];
  check(::pipe2(ends, O_CLOEXEC), "make an output pipe");
  UniqueFd source(ends[0]);
  UniqueFd target(ends[1]);
  check(::fcntl(source.get(), F_SETFL, O_NONBLOCK), "make an output pipe non-blocking");
  if (basis_.identity.privileged) {  // else programs could not open /dev/stdout
    check(::fchown(target.get(), basis_.identity.uid, basis_.identity.gid),
          "hand an output pipe to the box's user");
  }
  pump.emplace(std::move(source), sink, spec_.limits.output_bytes);
  return target;
}

void RunSession::start_init() {
  if (spec_.stdin_fd >= 0) require_safe_stdin(spec_.stdin_fd);
  const UniqueFd standard_output = make_pump(stdout_, spec_.stdout_fd);
  const UniqueFd standard_error = make_pump(stderr_, spec_.stderr_fd);
  int ends[2];
  check(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), "make a run's control socket");
  control_.reset(ends[0]);
  const UniqueFd init_control(ends[1]);
  const int input = spec_.stdin_fd >= 0 ? spec_.stdin_fd : basis_.null.get();
  plan_.standard_fds = {input, standard_output.get(), standard_error.get()};
  plan_.control = init_control.get();
  plan_.supervisor_control = control_.get();

  basis_.cgroup->begin_run(spec_.limits);
  clock_.arm_after(kSetUpBound);
  int pidfd = -1;
  init_ = check(clone_process(kNamespaces, &pidfd, basis_.cgroup->birth_fd()), "clone a run's init");
  if (init_ == 0) run_init(plan_);
  pidfd_.reset(pidfd);
}

std::vector<pollfd> RunSession::interests() const {
  std::vector<pollfd> all{{control_.get(), POLLIN, 0},
                          {init_ > 0 ? pidfd_.get() : -1, POLLIN, 0},
                          {clock_.fd(), POLLIN, 0},
                          {cpu_clock_.fd(), POLLIN, 0},
                          ended_by_ || ended_ ? pollfd{-1, 0, 0} : basis_.cgroup->memory_interest(),
                          stdout_->interest(),
                          stderr_->interest()};
  for (const Interruption& interruption : interruptions_) {
    all.push_back({interrupted_ ? -1 : interruption.fd, POLLIN, 0});
  }
  return all;
}

void RunSession::wait_and_handle() {
  std::vector<pollfd> all = interests();
  if (::poll(all.data(), all.size(), -1) < 0 && errno != EINTR) check(-1, "wait for a run");
  handle(all);
}

// Control comes first: what init says about the payload's end is older than any clock that fires beside it.
void RunSession::handle(std::span<const pollfd> all) {
  const auto ready = [&](std::size_t index) { return all[index].fd >= 0 && all[index].revents != 0; };
  if (ready(0)) on_control();
  if (ready(4)) on_memory_event();
  if (ready(3)) on_cpu_time();
  if (ready(2)) on_time();
  if (ready(5)) on_pump(*stdout_, "stdout");
  if (ready(6)) on_pump(*stderr_, "stderr");
  for (std::size_t i = 0; i < interruptions_.size(); ++i) {
    if (ready(7 + i) && interruptions_[i].wants_cancel()) on_interruption();
  }
  if (ready(1)) on_init_gone();
}

void RunSession::on_control() {
  ControlMessage message;
  UniqueFd fd;
  for (;;) {
    const ControlState state = receive_control(control_.get(), message, fd);
    if (state == ControlState::closed) control_.reset();
    if (state != ControlState::message) return;
    switch (message.kind) {
      case ControlKind::failed:
        if (!failure_) failure_ = describe_failure(static_cast<Step>(message.index), message.value);
        break;
      case ControlKind::started:
        on_started(message, std::move(fd));
        break;
      case ControlKind::ended:
        on_ended(message);
        break;
      case ControlKind::output:
      case ControlKind::output_refused:
        on_output(message, std::move(fd));
        break;
    }
  }
}

void RunSession::on_started(const ControlMessage& message, UniqueFd proc) {
  started_ = message;
  cpu_sampler_ = CpuSampler(std::move(proc));
  clock_.arm_at(nanoseconds(message.time_ns) + spec_.limits.wall_time);
  arm_cpu_timer(0ns);
}

void RunSession::on_ended(const ControlMessage& message) {
  ended_ = message;
  cpu_clock_.disarm();
  clock_.arm_after(kWindUpBound);
}

void RunSession::on_output(const ControlMessage& message, UniqueFd file) {
  if (message.index >= spec_.outputs.size()) return;
  const std::string& name = spec_.outputs[message.index];
  if (message.kind == ControlKind::output && file) {
    reply_.outputs.push_back({name, std::move(file), message.bytes});
    return;
  }
  const bool too_big = message.value == EFBIG;
  detail_ += (detail_.empty() ? "" : "; ") + ("output file " + name) +
             (too_big ? " passes the bound of " + std::to_string(spec_.output_file_bytes) + " bytes"
                      : " is not a regular file");
}

void RunSession::on_time() {
  clock_.disarm();
  if (init_ <= 0) {
    stdout_->abandon();
    stderr_->abandon();
  } else if (ended_) {
    end_by(Cause::box_failure, "init did not end after the program");
  } else if (started_) {
    end_by(Cause::wall_time,
           "wall time limit of " + std::to_string(spec_.limits.wall_time.count()) + " ms passed");
  } else {
    end_by(Cause::box_failure, "init did not start the program");
  }
}

// The earliest moment at which the budget can be used up is when all cores work on it.
void RunSession::arm_cpu_timer(Nanoseconds used) {
  const nanoseconds finest = basis_.cgroup->counts_cpu() ? kFinestCpuStep : kFinestSampledStep;
  cpu_clock_.arm_after(std::max((spec_.limits.cpu_time - used) / count_cores(), finest));
}

// Init's own work is not the payload's; before its end only what it had used at the start is known.
std::optional<std::chrono::nanoseconds> RunSession::measure_cpu() const {
  if (!started_) return std::nullopt;
  const auto all = basis_.cgroup->counts_cpu() ? *basis_.cgroup->cpu_time() : cpu_sampler_.used();
  const nanoseconds of_init(ended_ ? ended_->init_cpu_ns : started_->init_cpu_ns);
  return std::max(all - of_init, 0ns);
}

void RunSession::on_cpu_time() {
  cpu_clock_.disarm();
  const auto used = measure_cpu();
  if (!used || ended_ || ended_by_) return;
  last_cpu_ = *used;
  if (*used < spec_.limits.cpu_time) return arm_cpu_timer(*used);
  end_by(Cause::cpu_time,
         "CPU time limit of " + std::to_string(spec_.limits.cpu_time.count()) + " ms passed");
}

void RunSession::on_memory_event() {
  if (!basis_.cgroup->memory_ran_out()) return;
  end_by(Cause::memory, "memory limit of " + std::to_string(spec_.limits.memory_bytes) + " bytes passed");
}

void RunSession::on_pump(OutputPump& pump, const char* stream) {
  pump.advance();
  check_limit_of(pump, stream);
}

void RunSession::check_limit_of(const OutputPump& pump, const char* stream) {
  if (!pump.has_passed_limit()) return;
  const std::string limit = std::to_string(spec_.limits.output_bytes);
  end_by(Cause::output, "output limit of " + limit + " bytes passed on " + stream);
}

void RunSession::on_interruption() {
  interrupted_ = true;
  end_by(Cause::box_failure, "cancelled");
  if (init_ > 0) return;
  stdout_->abandon();
  stderr_->abandon();
}

// The first cause counts. Killing init ends its whole pid namespace.
void RunSession::end_by(Cause cause, std::string detail) {
  if (ended_by_) return;
  if (ended_ && cause != Cause::box_failure && cause != Cause::output) return;
  ended_by_ = cause;
  detail_ = std::move(detail);
  if (init_ > 0) send_signal_by_pidfd(pidfd_.get(), SIGKILL);
  clock_.arm_after(kWindUpBound);
}

// Init's end is seen only after all others of its namespace are gone.
void RunSession::on_init_gone() {
  gone_at_ = monotonic_now();
  check(::wait4(init_, nullptr, __WALL, &init_usage_), "wait for init");
  init_ = -1;
  if (control_) on_control();
  cpu_clock_.disarm();
  stdout_->finish();
  stderr_->finish();
  check_limit_of(*stdout_, "stdout");
  check_limit_of(*stderr_, "stderr");
}

std::chrono::nanoseconds RunSession::wall_time() const {
  if (!started_) return 0ns;
  return (ended_ ? nanoseconds(ended_->time_ns) : gone_at_) - nanoseconds(started_->time_ns);
}

std::chrono::nanoseconds RunSession::cpu_time() const {
  if (basis_.cgroup->counts_cpu()) return measure_cpu().value_or(0ns);
  if (ended_) return nanoseconds(ended_->children_cpu_ns);
  // Processes that died with init were waited for by nobody: the last look at them counts.
  return std::max(last_cpu_, to_duration(init_usage_.ru_utime) + to_duration(init_usage_.ru_stime));
}

RunReply RunSession::make_reply() {
  const Cgroup& cgroup = *basis_.cgroup;
  RunEvidence evidence{.limits = spec_.limits, .ended_by = ended_by_, .failure = failure_};
  if (ended_) evidence.wait_status = ended_->value;
  evidence.out_of_memory = cgroup.out_of_memory();
  evidence.process_limit_hit = cgroup.process_limit_hit();
  evidence.cpu_time = cpu_time();
  evidence.wall_time = wall_time();
  evidence.charged_bytes = cgroup.peak_memory();
  evidence.largest_rss_bytes =
      ended_ ? ended_->bytes : static_cast<std::uint64_t>(init_usage_.ru_maxrss) * 1024;
  evidence.detail = detail_;
  reply_.report = make_report(evidence);
  reply_.report.stdout_bytes = stdout_->kept_bytes();
  reply_.report.stderr_bytes = stderr_->kept_bytes();
  reply_.report.stdout_cut = stdout_->is_cut();
  reply_.report.stderr_cut = stderr_->is_cut();
  return std::move(reply_);
}

}  // namespace rota::sandbox
