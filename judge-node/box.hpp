#pragma once
// One `rota-box serve` process and the socket to it. A run goes in, its reply comes out; where the process
// dies or stays silent, the run in progress ends with a report of cause box_failure, and the owner is told to
// replace the box.

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/fd_watch.hpp"
#include "net/subprocess.hpp"
#include "net/timer.hpp"
#include "sandbox/client.hpp"

namespace rota::node {

// None of these may destroy the box.
struct BoxEvents {
  std::function<void(const std::vector<sandbox::Layer>& layers)> on_ready;
  // Once: the process has died, or was ended because it made no sense. refused: it said itself that it cannot
  // be prepared. The reply of a run in progress has come before.
  std::function<void(const std::string& reason, bool refused)> on_lost;
};

class Box {
 public:
  using Done = std::function<void(sandbox::RunReply reply)>;

  // Longest time from the start of the process to its first message.
  static constexpr std::chrono::seconds kStartTimeout{20};
  // How long after the wall time limit a reply may come before the box counts as stuck. The box bounds all of
  // its own work, so this is for one whose bounds fail, and has to be longer than their sum, as they stand in
  // sandbox/run_session.cpp: 60 s to set up + 2 × 20 s to wind up (for init to end, then for its end once
  // killed) + 30 s for the sinks. 20 s are for what has no bound, such as clearing up after the last run.
  static constexpr std::chrono::seconds kReplyGrace{150};
  // How long a process may live on once its socket is closed.
  static constexpr std::chrono::seconds kExitGrace{1};

  // Starts `program serve flags…`. Throws std::runtime_error where that cannot be started.
  Box(net::Loop& loop, const std::filesystem::path& program, const std::vector<std::string>& flags,
      BoxEvents events);

  bool is_idle() const { return state_ == State::idle; }
  bool was_used() const { return was_used_; }  // a run has been given to it
  int pid() const { return process_->pid(); }

  // Only when idle. done is called once, later, unless the box is destroyed before. A spec that passes its
  // bounds, or that cannot be sent, gives a reply of cause box_failure.
  void run(const sandbox::RunSpec& spec, Done done);

  // Ends the run in progress, if any; its reply still comes.
  void cancel();

  // Closes the socket, at which the process clears up and ends; on_exit is called when it has.
  void stop(std::function<void()> on_exit);

 private:
  enum class State { starting, idle, busy, closed, lost, stopping };

  void on_readable();
  std::optional<sandbox::BoxMessage> receive();
  void on_message(sandbox::BoxMessage message);
  void socket_closed(const std::string& reason);
  void on_exit(int status);
  void lose(const std::string& reason, bool refused = false);
  void reply(sandbox::RunReply reply);
  void reply_later(sandbox::RunReply reply);

  std::optional<sandbox::BoxClient> client_;
  std::unique_ptr<net::Subprocess> process_;
  std::unique_ptr<net::FdWatch> watch_;  // goes before the client, whose descriptor it watches
  net::Timer deadline_;
  net::Timer turn_;  // replies that must not come from within run()
  BoxEvents events_;
  Done done_;
  std::function<void()> on_stopped_;
  State state_ = State::starting;
  bool was_used_ = false;
};

}  // namespace rota::node
