#pragma once
// One run, from clone to report: the supervisor's side. A poll loop over init's control socket, its pidfd,
// two clocks, the memory event, the output pipes and the caller's interruptions; one method for each event.

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "sandbox/cgroup.hpp"
#include "sandbox/control.hpp"
#include "sandbox/cpu_sampler.hpp"
#include "sandbox/output_pump.hpp"
#include "sandbox/plan.hpp"
#include "sandbox/timer.hpp"

namespace rota::sandbox {

// What may end a run from outside: when fd is readable, wants_cancel is asked.
struct Interruption {
  int fd = -1;
  std::function<bool()> wants_cancel;
};

// What the supervisor has prepared, as far as a run uses it.
struct RunBasis {
  Identity identity;
  SeccompProgram filter;
  std::string host_name;
  std::unique_ptr<Cgroup> cgroup;
  UniqueFd null;  // /dev/null, read and write
};

class RunSession {
 public:
  // spec and basis must outlive the session.
  RunSession(const RunBasis& basis, const RunSpec& spec, std::span<const Interruption> interruptions);
  ~RunSession();  // ends the run's processes where execute() has thrown
  RunSession(const RunSession&) = delete;
  RunSession& operator=(const RunSession&) = delete;

  // Throws std::system_error where the machine refuses what a run needs.
  RunReply execute();

 private:
  using Cause = protocol::Cause;
  using Nanoseconds = std::chrono::nanoseconds;

  UniqueFd make_pump(std::optional<OutputPump>& pump, int sink);
  void start_init();
  void wait_and_handle();
  void handle(std::span<const pollfd> ready);
  std::vector<pollfd> interests() const;

  void on_control();
  void on_started(const ControlMessage& message, UniqueFd proc);
  void on_ended(const ControlMessage& message);
  void on_output(const ControlMessage& message, UniqueFd file);
  void on_time();  // the wall clock, or a bound of our own where the payload does not run
  void on_cpu_time();
  void on_memory_event();
  void on_pump(OutputPump& pump, const char* stream);
  void check_limit_of(const OutputPump& pump, const char* stream);
  void on_interruption();
  void on_init_gone();

  void end_by(Cause cause, std::string detail);
  void arm_cpu_timer(Nanoseconds used);
  std::optional<Nanoseconds> measure_cpu() const;

  RunReply make_reply();
  Nanoseconds cpu_time() const;
  Nanoseconds wall_time() const;

  const RunBasis& basis_;
  const RunSpec& spec_;
  std::span<const Interruption> interruptions_;
  RunPlan plan_;
  UniqueFd control_, pidfd_;
  pid_t init_ = -1;
  Timer clock_, cpu_clock_;
  CpuSampler cpu_sampler_;
  Nanoseconds last_cpu_{};  // as last measured while the payload lived
  std::optional<OutputPump> stdout_, stderr_;

  bool interrupted_ = false;
  std::optional<Cause> ended_by_;       // what we did, the first of it
  std::optional<std::string> failure_;  // what our own processes reported
  std::string detail_;
  std::optional<ControlMessage> started_, ended_;
  rusage init_usage_{};  // of init and all that it waited for
  Nanoseconds gone_at_{};
  RunReply reply_;
};

}  // namespace rota::sandbox
