#pragma once
// One run, from its prepared processes to its report: the supervisor's side. A poll loop over the run's news, init's
// pidfd, two deadlines, the memory event, forbidden calls, the output pipes and the caller's interruptions; one method
// for each.

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <vector>

#include "sandbox/cgroup.hpp"
#include "sandbox/cpu_sampler.hpp"
#include "sandbox/deadline.hpp"
#include "sandbox/departing.hpp"
#include "sandbox/output_pump.hpp"
#include "sandbox/plan.hpp"
#include "sandbox/standard_streams.hpp"
#include "sandbox/watchdog.hpp"
#include "sandbox/work_area.hpp"
#include "sandbox/zygote.hpp"

namespace rota::sandbox {

// What may end a run from outside: when fd is readable, wants_cancel is asked.
struct Interruption {
  int fd = -1;
  std::function<bool()> wants_cancel;
};

// What the supervisor has prepared, as far as a run uses it.
struct RunBasis {
  Identity identity;
  cpu_set_t cores{};  // that programs may use
  HardLimits hard_limits = read_hard_limits();
  std::unique_ptr<Cgroup> cgroup;
  std::optional<StandardStreams> streams;
  std::optional<WorkArea> work;
  std::unique_ptr<Zygote> zygote;  // whose next run is prepared
  Departing departing;
  std::optional<Watchdog> watchdog;
};

// Somebody outside has ended the prepared run just before it was to begin. Another can be prepared.
class NeverBegan : public std::runtime_error {
 public:
  NeverBegan() : std::runtime_error("the prepared run was ended from outside") {}
};

class RunSession : private Watchdog::Run {
 public:
  // spec and basis must outlive the session.
  RunSession(RunBasis& basis, const RunSpec& spec, std::span<const Interruption> interruptions);
  ~RunSession() override;  // ends the run's processes where execute() has thrown
  RunSession(const RunSession&) = delete;
  RunSession& operator=(const RunSession&) = delete;

  // Throws NeverBegan, and std::system_error where the machine refuses what a run needs.
  RunReply execute();

 private:
  using Cause = protocol::Cause;
  using Nanoseconds = std::chrono::nanoseconds;

  void start();
  void wait_and_handle();
  void wait();
  void collect_interests();
  void handle();

  bool on_news();  // true where they say that the run has ended
  void on_time();  // the wall clock, or a bound of our own where the payload does not run
  void await_start();
  void on_cpu_time();
  void on_memory_event();
  void on_forbidden_call();
  void on_pump(OutputPump& pump, const char* stream);
  void check_limit_of(const OutputPump& pump, const char* stream);
  void on_interruption();
  void on_init_gone();
  void finish_output();

  void end_by(Cause cause, std::string detail);

  // In the watchdog's thread, beside any method that waits for a pipe: reads what does not change in a run, or is
  // atomic.
  bool end_if_over() override;
  std::optional<Cause> find_passed_limit(Nanoseconds cpu) const;
  void take_watchdogs_word();

  void end_by_limit(Cause cause);  // cpu_time or wall_time
  void set_cpu_deadline(Nanoseconds used);
  Nanoseconds next_deadline() const;
  std::optional<Nanoseconds> measure_cpu() const;
  bool is_running() const { return init_ > 0; }
  Nanoseconds start_time() const { return Nanoseconds(block_.start_ns.load()); }

  void bring_out_files();
  std::string describe_failed_step() const;
  void tell_of_lost_output(const OutputPump& pump, const char* stream);

  RunReply make_reply();
  Nanoseconds cpu_time() const;
  Nanoseconds wall_time() const;

  RunBasis& basis_;
  const RunSpec& spec_;
  std::span<const Interruption> interruptions_;
  RunBlock& block_;
  pid_t init_ = -1;
  UniqueFd pidfd_;
  CpuSampler cpu_sampler_;
  Nanoseconds last_cpu_{};  // as last measured while the payload lived
  std::optional<OutputPump> stdout_, stderr_;
  std::vector<pollfd> polled_;
  Deadline wall_deadline_;  // or of what is ours, where the payload does not run
  Deadline cpu_deadline_;   // to look again at what has been used

  std::atomic<bool> ended_by_watchdog_ = false;
  struct {
    Cause cause{};
    Nanoseconds cpu_time{};
  } watchdogs_;  // holds once ended_by_watchdog_ is true
  bool interrupted_ = false;
  bool ended_ = false;             // by itself: the block tells how
  std::optional<Cause> ended_by_;  // what we did, the first of it
  std::string detail_;
  rusage init_usage_{};  // of init and all that it waited for, where we ended it
  Nanoseconds went_at_{}, gone_at_{};
  RunReply reply_;
};

}  // namespace rota::sandbox
