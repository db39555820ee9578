#pragma once
// One submission from the command line, from the submit packet to the exit status.

#include <memory>
#include <string>

#include "client/client_log.hpp"
#include "client/interruptible_loop.hpp"
#include "client/report.hpp"
#include "client/session.hpp"

namespace rota::client {

struct DeliveryOptions {
  ReportOptions report;
  std::chrono::milliseconds connect_timeout{5000};
  std::chrono::milliseconds answer_timeout{0};  // 0: wait as long as it takes
  bool job_outlives_us = false;                 // it goes on where we end: the portal is not ours
  std::string unreachable_hint;  // stands behind the message where the portal cannot be reached
};

class Delivery {
 public:
  // All references must outlive the delivery.
  Delivery(InterruptibleLoop& loop, ClientLog& log, DeliveryOptions options);

  // Connects, submits, prints what comes, and finishes the loop with the exit status.
  void start(const net::Address& portal, protocol::Submit submit);

  // Runs the loop until the delivery, or whatever else finishes it, is done; says and logs it where a signal
  // was it.
  int run();

 private:
  void answered(SubmitAnswer answer);
  int show(const protocol::Result& result);
  int show(const protocol::Error& error);
  int show(const Failure& failure);
  void timed_out();

  InterruptibleLoop& loop_;
  ClientLog& log_;
  DeliveryOptions options_;
  std::string job_;
  Timeline timeline_;
  net::Timer patience_;
  std::unique_ptr<Session> session_;
};

}  // namespace rota::client
