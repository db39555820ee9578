#pragma once
// One job from the command line, from the submit (or wait) packet to the exit status. What becomes of its connections is
// PatientJob's matter; here is what a person sees of it, and what Ctrl-C means: the first one cancels a job that we have
// submitted and waits for its final state, the second leaves at once.

#include <memory>
#include <string>
#include <vector>

#include "client/client_log.hpp"
#include "client/interruptible_loop.hpp"
#include "client/patient_job.hpp"
#include "client/report.hpp"

namespace rota::client {

struct DeliveryOptions {
  ReportOptions report;
  SessionOptions session;
  std::chrono::milliseconds answer_timeout{0};        // 0: wait as long as it takes
  std::optional<std::chrono::milliseconds> patience;  // PatienceRules::bound
  bool job_outlives_us = false;                       // it goes on where we end: the portal is not ours
  bool detach = false;                                // leave once the job is accepted
  std::string unreachable_hint;  // stands behind the message where the portal cannot be reached
};

class Delivery {
 public:
  // How long the first Ctrl-C waits for the job's final state.
  static constexpr std::chrono::milliseconds kCancelBound{5000};

  // All references must outlive the delivery.
  Delivery(InterruptibleLoop& loop, ClientLog& log, DeliveryOptions options);

  // Connects, submits (or waits), prints what comes, and finishes the loop with the exit status.
  void start(std::vector<net::Address> portals, protocol::Submit submit);
  void start(std::vector<net::Address> portals, protocol::Wait wait);

  // Runs the loop until the delivery, or whatever else finishes it, is done; says and logs it where a signal
  // was it.
  int run();

 private:
  void pursue(std::vector<net::Address> portals, PatientJob::Request request);
  void accepted(const protocol::Accepted& accepted);
  void delayed(const Delay& delay) const;
  void answered(SubmitAnswer answer);
  static int leave_with(const std::string& job);
  int show(const protocol::Result& result);
  int show(const protocol::Error& error);
  int show(const Failure& failure);
  void timed_out();
  bool cancels_for(int signal);
  void cancel_timed_out();
  std::string goes_on() const;
  bool tells_progress() const;

  InterruptibleLoop& loop_;
  ClientLog& log_;
  DeliveryOptions options_;
  Timeline timeline_;
  bool is_ours_ = false;   // we submitted it, and so may cancel it
  int cancel_signal_ = 0;  // that made us cancel it
  net::Timer patience_;    // answer_timeout, then kCancelBound
  std::unique_ptr<PatientJob> job_;
};

}  // namespace rota::client
