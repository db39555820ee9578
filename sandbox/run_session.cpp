#include "sandbox/run_session.hpp"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>

#include "base/check.hpp"
#include "sandbox/end_process.hpp"
#include "sandbox/forbidden_call.hpp"
#include "sandbox/output_files.hpp"
#include "sandbox/run_report.hpp"
#include "sandbox/syscalls.hpp"

namespace rota::sandbox {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

// Bounds of what is ours and not the payload's, so that no run can hang.
constexpr auto kSetUpBound = 60s;  // the word to go until exec: copies of the inputs
constexpr auto kSinkBound = 30s;   // the run's end to the last byte in the sinks
constexpr nanoseconds kFinestCpuStep = 1ms;
constexpr nanoseconds kFinestStartStep = 10ms;
constexpr nanoseconds kFinestSampledStep = 10ms;  // what /proc can show

// What we poll, in this order; interruptions stand behind.
enum Interest : std::size_t { news, init_end, memory, forbidden, out, err, first_interruption };

nanoseconds cpu_time_of(const rusage& usage) {
  const auto seconds = std::chrono::seconds(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec);
  return seconds + std::chrono::microseconds(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

bool is_readable(int fd) {
  pollfd ready{fd, POLLIN, 0};
  return ::poll(&ready, 1, 0) > 0;
}

// A folder would be a way out of the root (openat with ".."), a block device a way to the disk.
void require_safe_stdin(int fd) {
  struct stat status {};
  check(::fstat(fd, &status), "look at the run's stdin");
  if (S_ISDIR(status.st_mode) || S_ISBLK(status.st_mode))
    throw std::runtime_error("stdin is a folder or a block device");
}

}  // namespace

RunSession::RunSession(RunBasis& basis, const RunSpec& spec, std::span<const Interruption> interruptions)
    : basis_(basis), spec_(spec), interruptions_(interruptions), block_(basis.zygote->block()) {}

RunSession::~RunSession() {
  basis_.watchdog->end();
  if (!is_running()) return;
  end_process(init_, pidfd_.get());
}

RunReply RunSession::execute() {
  start();
  while (is_running()) wait_and_handle();
  if (!block_.went && !ended_by_) throw NeverBegan();
  finish_output();
  if (!stdout_->is_done() || !stderr_->is_done()) wall_deadline_.set_after(kSinkBound);
  while (!stdout_->is_done() || !stderr_->is_done()) wait_and_handle();
  return make_reply();
}

// What can fail comes first: the prepared run is then left for the next.
void RunSession::start() {
  if (spec_.stdin_fd >= 0) require_safe_stdin(spec_.stdin_fd);
  basis_.work->resize(spec_.limits.file_bytes + bytes_of_inputs(spec_), spec_.limits.file_bytes);
  const Cgroup& cgroup = *basis_.cgroup;
  fill_block(block_, {basis_.identity, cgroup.limits_memory(), cgroup.limits_processes(), basis_.hard_limits},
             spec_);
  basis_.cgroup->begin_run(spec_.limits, basis_.departing.count());
  const StandardStreams& streams = *basis_.streams;
  stdout_.emplace(streams.out.source(), spec_.stdout_fd, spec_.limits.output_bytes);
  stderr_.emplace(streams.err.source(), spec_.stderr_fd, spec_.limits.output_bytes);
  block_.standard_fds[0] = spec_.stdin_fd >= 0 ? spec_.stdin_fd : streams.in.fd();
  block_.standard_fds[1] = streams.out.target();
  block_.standard_fds[2] = streams.err.target();
  init_ = basis_.zygote->take_init();
  pidfd_.reset(block_.init_pidfd);
  cpu_sampler_ = CpuSampler(UniqueFd(block_.proc));
  went_at_ = monotonic_now();
  wall_deadline_.set_after(std::min<nanoseconds>(spec_.limits.wall_time, kSetUpBound));
  set_cpu_deadline(0ns);
  basis_.watchdog->begin(*this, next_deadline());
  basis_.zygote->go();
}

void RunSession::collect_interests() {
  const auto while_running = [&](int fd) { return pollfd{is_running() ? fd : -1, POLLIN, 0}; };
  const auto until_killed = [&](int fd) { return while_running(ended_by_ ? -1 : fd); };
  polled_.clear();
  polled_.push_back(while_running(basis_.zygote->news_fd()));
  polled_.push_back(while_running(pidfd_.get()));
  polled_.push_back(is_running() && !ended_by_ ? basis_.cgroup->memory_interest() : pollfd{-1, 0, 0});
  polled_.push_back(until_killed(basis_.zygote->notifications()));
  polled_.push_back(stdout_->interest());
  polled_.push_back(stderr_->interest());
  for (const Interruption& interruption : interruptions_) {
    polled_.push_back({interrupted_ ? -1 : interruption.fd, POLLIN, 0});
  }
}

void RunSession::wait_and_handle() {
  collect_interests();
  wait();
  handle();
}

std::chrono::nanoseconds RunSession::next_deadline() const {
  return std::min(wall_deadline_.time(), cpu_deadline_.time());
}

// Until something happens or is due. A wait that a signal interrupts leaves polled_ as it was: nothing is ready.
void RunSession::wait() {
  using std::chrono::duration_cast, std::chrono::seconds;
  const nanoseconds due = next_deadline();
  basis_.watchdog->move_deadline(due);
  const nanoseconds left = std::max(due - monotonic_now(), 0ns);
  const timespec timeout{duration_cast<seconds>(left).count(), (left % 1s).count()};
  if (::ppoll(polled_.data(), polled_.size(), &timeout, nullptr) < 0 && errno != EINTR)
    check(-1, "wait for a run");
}

// News come first: what init says about the run's end is older than any clock that fires beside it, the watchdog's look
// included.
void RunSession::handle() {
  const auto ready = [&](std::size_t index) { return polled_[index].fd >= 0 && polled_[index].revents != 0; };
  if (ready(news) && on_news()) return;
  take_watchdogs_word();
  if ((polled_[forbidden].revents & POLLIN) != 0) on_forbidden_call();  // it hangs up when all are dead
  if (ready(memory)) on_memory_event();
  if (ready(init_end)) return on_init_gone();
  const nanoseconds now = monotonic_now();
  if (cpu_deadline_.has_passed(now)) on_cpu_time();
  if (wall_deadline_.has_passed(now)) on_time();
  if (ready(out)) on_pump(*stdout_, "stdout");
  if (ready(err)) on_pump(*stderr_, "stderr");
  for (std::size_t i = 0; i < interruptions_.size(); ++i) {
    if (ready(first_interruption + i) && interruptions_[i].wants_cancel()) on_interruption();
  }
}

bool RunSession::on_news() {
  basis_.zygote->clear_news();  // before we look: what comes after the look wakes us again
  if (block_.phase != Phase::ended) return false;
  ended_ = true;
  basis_.watchdog->end();
  basis_.departing.add(std::exchange(init_, -1), std::move(pidfd_));
  return true;
}

// It was set when the payload got the word to go, which may have had inputs to copy first.
void RunSession::on_time() {
  wall_deadline_.clear();
  if (!is_running()) {
    stdout_->abandon();
    stderr_->abandon();
    return;
  }
  if (ended_by_) give_up();
  if (start_time() == 0ns) return await_start();
  const nanoseconds due = start_time() + spec_.limits.wall_time;
  if (monotonic_now() < due) return wall_deadline_.set_at(due);
  end_by_limit(Cause::wall_time);
}

// Nobody tells of the start: we look for it until it has come.
void RunSession::await_start() {
  const nanoseconds now = monotonic_now();
  const nanoseconds last = went_at_ + kSetUpBound;
  if (now >= last) return end_by(Cause::box_failure, "the program did not start");
  wall_deadline_.set_at(
      std::min(now + std::max<nanoseconds>(spec_.limits.wall_time, kFinestStartStep), last));
}

// The earliest moment at which the budget can be used up is when all cores work on it.
void RunSession::set_cpu_deadline(Nanoseconds used) {
  const nanoseconds finest = basis_.cgroup->counts_cpu() ? kFinestCpuStep : kFinestSampledStep;
  cpu_deadline_.set_after(std::max((spec_.limits.cpu_time - used) / CPU_COUNT(&basis_.cores), finest));
}

// What the payload's process used before it became the program is not the program's.
std::optional<std::chrono::nanoseconds> RunSession::measure_cpu() const {
  if (start_time() == 0ns) return std::nullopt;
  if (!basis_.cgroup->counts_cpu()) return cpu_sampler_.used();
  const nanoseconds ours(block_.start_cpu_ns - block_.prepare_cpu_ns);
  return std::max(*basis_.cgroup->cpu_time() - ours, 0ns);
}

void RunSession::on_cpu_time() {
  cpu_deadline_.clear();
  const auto used = measure_cpu();
  if (!used) return set_cpu_deadline(0ns);
  last_cpu_ = *used;
  if (*used < spec_.limits.cpu_time) return set_cpu_deadline(*used);
  end_by_limit(Cause::cpu_time);
}

void RunSession::on_memory_event() {
  if (!basis_.cgroup->memory_ran_out()) return;
  end_by(Cause::memory, "memory limit of " + std::to_string(spec_.limits.memory_bytes) + " bytes passed");
}

void RunSession::on_forbidden_call() {
  const auto call = read_forbidden_call(basis_.zygote->notifications());
  end_by(Cause::forbidden_syscall, call ? "forbidden system call " + *call
                                        : "a forbidden system call, interrupted before it could be named");
}

void RunSession::on_pump(OutputPump& pump, const char* stream) {
  pump.advance();
  check_limit_of(pump, stream);
}

void RunSession::check_limit_of(const OutputPump& pump, const char* stream) {
  if (!pump.has_passed_limit() || ended_by_) return;
  const std::string limit = std::to_string(spec_.limits.output_bytes);
  end_by(Cause::output, "output limit of " + limit + " bytes passed on " + stream);
}

void RunSession::on_interruption() {
  interrupted_ = true;
  end_by(Cause::box_failure, "cancelled");
  if (is_running()) return;
  stdout_->abandon();
  stderr_->abandon();
}

// The first cause counts. Killing init ends its whole pid namespace.
void RunSession::end_by(Cause cause, std::string detail) {
  if (ended_by_) return;
  ended_by_ = cause;
  detail_ = std::move(detail);
  if (!is_running()) return;
  cpu_deadline_.clear();
  send_signal_by_pidfd(pidfd_.get(), SIGKILL);
  wall_deadline_.set_after(kWindUpBound);
}

void RunSession::end_by_limit(Cause cause) {
  const bool is_cpu = cause == Cause::cpu_time;
  const auto limit = is_cpu ? spec_.limits.cpu_time : spec_.limits.wall_time;
  end_by(cause, std::string(is_cpu ? "CPU" : "wall") + " time limit of " + std::to_string(limit.count()) +
                    " ms passed");
}

bool RunSession::end_if_over() {
  const auto cpu = measure_cpu();
  if (!cpu || block_.phase == Phase::ended) return false;  // it has not started, or has ended by itself
  const auto cause = find_passed_limit(*cpu);
  if (!cause) return false;
  watchdogs_ = {*cause, *cpu};
  ended_by_watchdog_ = true;
  send_signal_by_pidfd(pidfd_.get(), SIGKILL);
  return true;
}

// That somebody wants to cancel counts as one: the first thread cannot see to that either.
std::optional<RunSession::Cause> RunSession::find_passed_limit(Nanoseconds cpu) const {
  if (cpu >= spec_.limits.cpu_time) return Cause::cpu_time;
  if (monotonic_now() >= start_time() + spec_.limits.wall_time) return Cause::wall_time;
  const bool is_interrupted =
      std::any_of(interruptions_.begin(), interruptions_.end(),
                  [](const Interruption& interruption) { return is_readable(interruption.fd); });
  return is_interrupted ? std::optional(Cause::box_failure) : std::nullopt;
}

void RunSession::take_watchdogs_word() {
  if (!ended_by_watchdog_ || !is_running()) return;
  last_cpu_ = std::max(last_cpu_, watchdogs_.cpu_time);
  if (watchdogs_.cause == Cause::box_failure) return end_by(watchdogs_.cause, "cancelled");
  end_by_limit(watchdogs_.cause);
}

// Init's end is seen only after all others of its namespace are gone.
void RunSession::on_init_gone() {
  gone_at_ = monotonic_now();
  basis_.watchdog->end();
  check(::wait4(init_, nullptr, __WALL, &init_usage_), "wait for init");
  init_ = -1;
  ended_ = block_.phase == Phase::ended;
}

// All who wrote are dead.
void RunSession::finish_output() {
  cpu_deadline_.clear();
  stdout_->finish();
  stderr_->finish();
  check_limit_of(*stdout_, "stdout");
  check_limit_of(*stderr_, "stderr");
}

// Of a run that has passed no limit.
void RunSession::bring_out_files() {
  const Cause cause = reply_.report.cause;
  if (cause == Cause::exited || cause == Cause::signalled)
    collect_outputs(basis_.work->work(), spec_, reply_);
}

std::chrono::nanoseconds RunSession::wall_time() const {
  if (start_time() == 0ns) return 0ns;
  return (ended_ ? nanoseconds(block_.end_ns) : gone_at_) - start_time();
}

std::chrono::nanoseconds RunSession::cpu_time() const {
  if (basis_.cgroup->counts_cpu()) return measure_cpu().value_or(0ns);
  // Processes that died with init were waited for by nobody: the last look at them counts.
  const nanoseconds waited_for = cpu_time_of(ended_ ? block_.usage : init_usage_);
  return std::max({last_cpu_, waited_for - nanoseconds(block_.start_cpu_ns), 0ns});
}

std::string RunSession::describe_failed_step() const {
  if (block_.failed_step == Step::start_program && spec_.program_fd < 0)
    return describe_start_failure(spec_.argv.front(), block_.failed_errno);
  return describe_failure(block_.failed_step, block_.failed_errno);
}

// It was the caller's sink that would not take it.
void RunSession::tell_of_lost_output(const OutputPump& pump, const char* stream) {
  if (pump.sink_error() != 0)
    add_detail(reply_.report, std::string(stream) + " could not be delivered: " +
                                  std::generic_category().message(pump.sink_error()));
}

RunReply RunSession::make_reply() {
  const Cgroup& cgroup = *basis_.cgroup;
  RunEvidence evidence{.limits = spec_.limits, .ended_by = ended_by_};
  if (block_.failed) evidence.failure = describe_failed_step();
  if (ended_) evidence.wait_status = block_.wait_status;
  if (ended_ && start_time() == 0ns && !evidence.failure)
    evidence.failure = "the payload was ended from outside";
  evidence.out_of_memory = cgroup.out_of_memory();
  evidence.process_limit_hit = cgroup.process_limit_hit();
  evidence.cpu_time = cpu_time();
  evidence.wall_time = wall_time();
  evidence.charged_bytes = cgroup.peak_memory();
  const rusage& usage = ended_ ? block_.usage : init_usage_;
  evidence.largest_rss_bytes = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
  evidence.detail = detail_;
  reply_.report = make_report(evidence);
  reply_.report.stdout_bytes = stdout_->kept_bytes();
  reply_.report.stderr_bytes = stderr_->kept_bytes();
  reply_.report.stdout_cut = stdout_->is_cut();
  reply_.report.stderr_cut = stderr_->is_cut();
  tell_of_lost_output(*stdout_, "stdout");
  tell_of_lost_output(*stderr_, "stderr");
  bring_out_files();
  return std::move(reply_);
}

}  // namespace rota::sandbox
