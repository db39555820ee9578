#include "client/patient_job.hpp"

#include <memory>
#include <random>
#include <utility>

#include "base/time.hpp"
#include "protocol/job_id.hpp"

namespace rota::client {
namespace {

using Clock = std::chrono::steady_clock;

Patience::Random from_entropy() {
  auto engine = std::make_shared<std::mt19937_64>(std::random_device{}());
  return [engine] { return std::uniform_real_distribution<double>(0, 1)(*engine); };
}

Patience::Request kind_of(const PatientJob::Request& request) {
  if (std::holds_alternative<protocol::Submit>(request)) return Patience::Request::submit;
  return std::holds_alternative<protocol::Wait>(request) ? Patience::Request::wait
                                                         : Patience::Request::cancel;
}

PatienceRules rules_of(const PatientJobOptions& options, std::size_t portals) {
  return {portals, options.session.connect_timeout, options.patience};
}

}  // namespace

PatientJob::PatientJob(net::Loop& loop, std::vector<net::Address> portals, PatientJobOptions options,
                       Request request, PatientJobEvents events)
    : loop_(loop),
      portals_(std::move(portals)),
      options_(std::move(options)),
      events_(std::move(events)),
      job_(std::visit([](const auto& packet) { return packet.job; }, request)),
      patience_(rules_of(options_, portals_.size()), kind_of(request),
                options_.random ? options_.random : from_entropy()),
      retry_(loop) {
  if (job_.empty()) job_ = protocol::make_job_id(now().utc);
  if (const auto* wait = std::get_if<protocol::Wait>(&request)) live_events_ = wait->live_events;
  if (auto* submit = std::get_if<protocol::Submit>(&request)) {
    submit_ = std::move(*submit);
    submit_.job = job_;
    submit_.acknowledge = true;
    live_events_ = submit_.live_events;
  }
  connect();
}

void PatientJob::connect() {
  session_ = std::make_unique<Session>(loop_, portals_[patience_.portal()], options_.session);
  session_->on_open([this](const std::optional<Failure>& failure) {
    if (failure) return;  // the request's own answer says so
    was_sent_ = true;
    patience_.connected(Clock::now());
  });
  send_request();
}

void PatientJob::send_request() {
  const auto on_answer = [this](SubmitAnswer answer) { answered(std::move(answer)); };
  const auto on_accepted = [this](const protocol::Accepted& packet) { accepted(packet); };
  switch (patience_.request()) {
    case Patience::Request::submit:
      session_->submit(submit_packet(), events_.on_event, on_answer, on_accepted);
      return;
    case Patience::Request::wait:
      return session_->wait({job_, live_events_}, events_.on_event, on_answer, on_accepted);
    case Patience::Request::cancel:
      return session_->cancel({.job = job_}, on_answer);
  }
}

protocol::Submit PatientJob::submit_packet() const {
  protocol::Submit submit = submit_;
  if (!submit.stdin_blob.empty() && !sends_stdin_) submit.stdin_bytes.clear();
  return submit;
}

bool PatientJob::lacks_stdin(const protocol::Error& error) const {
  return error.code == protocol::ErrorCode::unknown_blob && !submit_.stdin_bytes.empty() && !sends_stdin_;
}

void PatientJob::cancel() {
  patience_.cancel();
  if (session_) {
    return session_->cancel({.job = job_}, [this](SubmitAnswer answer) { answered(std::move(answer)); });
  }
  retry_.stop();
  connect();
}

void PatientJob::accepted(const protocol::Accepted& accepted) {
  was_accepted_ = true;
  submit_ = {};  // megabytes, perhaps, that are not sent again
  patience_.accepted();
  if (events_.on_accepted) events_.on_accepted(accepted);
}

void PatientJob::answered(SubmitAnswer answer) {
  if (const auto* failure = std::get_if<Failure>(&answer)) {
    if (failure->is_final) return events_.on_answer(std::move(answer));
    const auto reason = failure->message;
    return pause_or_give_up(patience_.lost(Clock::now()), reason, std::move(answer));
  }
  const auto* error = std::get_if<protocol::Error>(&answer);
  if (error != nullptr && lacks_stdin(*error)) {
    sends_stdin_ = true;
    return send_request();
  }
  if (error != nullptr && error->code == protocol::ErrorCode::busy) {
    const auto retry_after = error->retry_after;
    return pause_or_give_up(patience_.busy(retry_after, Clock::now()), "the portal is full",
                            std::move(answer));
  }
  events_.on_answer(std::move(answer));
}

void PatientJob::pause_or_give_up(std::optional<std::chrono::milliseconds> pause, const std::string& reason,
                                  SubmitAnswer answer) {
  if (!pause) return events_.on_answer(std::move(answer));
  session_.reset();
  retry_.once(*pause, [this] { connect(); });
  if (pause->count() > 0 && events_.on_delay) events_.on_delay({reason, *pause});
}

}  // namespace rota::client
