#pragma once
// One job that survives its connections: submitted, waited for or cancelled at one of several portals of one cluster,
// until its answer comes. A job is submitted again, under its id, until a portal has accepted it, and only waited for
// from then on, so that it runs once. When to try again and when to give up: patience.hpp.

#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "client/patience.hpp"
#include "client/session.hpp"
#include "net/loop.hpp"
#include "net/timer.hpp"
#include "protocol/packets.hpp"

namespace rota::client {

struct PatientJobOptions {
  SessionOptions session;
  std::optional<std::chrono::milliseconds> patience;  // PatienceRules::bound
  Patience::Random random;                            // absent: as the machine's entropy has it
};

// Why nothing happens for a while.
struct Delay {
  std::string reason;  // "cannot connect to HOST:PORT: connection refused", "the portal is full"
  std::chrono::milliseconds pause;
};

// Each may destroy the job.
struct PatientJobEvents {
  std::function<void(const protocol::Accepted&)>
      on_accepted;  // each time that a portal says so; may be unset
  std::function<void(const protocol::Event&)>
      on_event;                                 // after a new connection all of them again; may be unset
  std::function<void(const Delay&)> on_delay;   // may be unset
  std::function<void(SubmitAnswer)> on_answer;  // once
};

class PatientJob {
 public:
  using Request = std::variant<protocol::Submit, protocol::Wait, protocol::Cancel>;

  // Begins at once. portals: at least one. A submit without an id gets one.
  PatientJob(net::Loop& loop, std::vector<net::Address> portals, PatientJobOptions options, Request request,
             PatientJobEvents events);

  const std::string& job() const { return job_; }
  bool was_accepted() const { return was_accepted_; }
  // On a connection that stood: a portal may have the job, whether it has said so or not.
  bool was_sent() const { return was_sent_; }

  // The job is not wanted any more. Its answer still comes: CANCELLED, one that was there first, or error unknown_job
  // where no portal has it.
  void cancel();

 private:
  void connect();
  void send_request();
  protocol::Submit submit_packet() const;
  bool lacks_stdin(const protocol::Error& error) const;
  void accepted(const protocol::Accepted& accepted);
  void answered(SubmitAnswer answer);
  void pause_or_give_up(std::optional<std::chrono::milliseconds> pause, const std::string& reason,
                        SubmitAnswer answer);

  net::Loop& loop_;
  std::vector<net::Address> portals_;
  PatientJobOptions options_;
  PatientJobEvents events_;
  std::string job_;
  protocol::Submit submit_;   // until it was accepted
  bool sends_stdin_ = false;  // and not its hash alone: somebody did not have the bytes
  bool live_events_ = false;
  bool was_accepted_ = false;
  bool was_sent_ = false;
  Patience patience_;
  net::Timer retry_;
  std::unique_ptr<Session> session_;
};

}  // namespace rota::client
