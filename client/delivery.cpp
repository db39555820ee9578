#include "client/delivery.hpp"

#include "client/console.hpp"
#include "client/exit_status.hpp"
#include "client/harmless.hpp"

namespace rota::client {

Delivery::Delivery(InterruptibleLoop& loop, ClientLog& log, DeliveryOptions options)
    : loop_(loop), log_(log), options_(std::move(options)), patience_(loop.loop()) {}

void Delivery::start(const net::Address& portal, protocol::Submit submit) {
  session_ = std::make_unique<Session>(loop_.loop(), portal,
                                       SessionOptions{.connect_timeout = options_.connect_timeout});
  const auto file_name = submit.file_name;
  job_ = session_->submit(
      std::move(submit), [this](const protocol::Event& event) { timeline_.show(event); },
      [this](SubmitAnswer answer) { answered(std::move(answer)); });
  log_.append("submitted", job_,
              {{"portal", net::address_text(portal.host, portal.port)}, {"file", file_name}});
  if (options_.answer_timeout.count() > 0) patience_.once(options_.answer_timeout, [this] { timed_out(); });
}

int Delivery::run() {
  const int status = loop_.run();
  session_.reset();  // a private portal that is about to end need not wait for us
  if (loop_.interrupted()) {
    log_.append("interrupted", job_, {{"status", std::int64_t{status}}});
    say(std::string("interrupted") +
        (options_.job_outlives_us ? "; job " + job_ + " goes on to its limits" : ""));
  }
  return status;
}

void Delivery::answered(SubmitAnswer answer) {
  loop_.finish(std::visit([this](const auto& kind) { return show(kind); }, answer));
}

int Delivery::show(const protocol::Result& result) {
  log_.append("result", job_,
              {{"verdict", std::string(protocol::to_text(result.verdict))},
               {"status", std::int64_t{exit_status_of(result)}},
               {"node", result.node}});
  return report_result(result, options_.report, timeline_);
}

int Delivery::show(const protocol::Error& error) {
  log_.append("error", job_,
              {{"code", std::string(protocol::to_text(error.code))}, {"message", error.message}});
  return report_error(error, options_.report);
}

int Delivery::show(const Failure& failure) {
  log_.append("error", job_, {{"code", "connection"}, {"message", failure.message}});
  const auto more = failure.connected ? " while waiting for the result; the job may still be running there"
                                      : options_.unreachable_hint;
  say(harmless_line(failure.message + more));
  return kUnavailable;
}

void Delivery::timed_out() {
  const auto message = "no result within " + std::to_string(options_.answer_timeout.count()) + " ms";
  log_.append("error", job_, {{"code", "timeout"}, {"message", message}});
  say(message + (options_.job_outlives_us ? "; job " + job_ + " goes on to its limits" : ""));
  loop_.finish(kUnavailable);
}

}  // namespace rota::client
