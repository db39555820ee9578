#include "client/delivery.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "client/console.hpp"
#include "client/exit_status.hpp"
#include "client/harmless.hpp"
#include "client/units.hpp"

namespace rota::client {
namespace {

constexpr std::chrono::seconds kLongPause{1};  // told also where nobody watches a terminal

// "place 13 in the queue, about 3 s".
std::string place_of(const protocol::Accepted& accepted) {
  const auto place = fmt::format("place {} in the queue", accepted.ahead + 1);
  return accepted.estimate.count() == 0 ? place : place + ", about " + rough_duration(accepted.estimate);
}

}  // namespace

Delivery::Delivery(InterruptibleLoop& loop, ClientLog& log, DeliveryOptions options)
    : loop_(loop), log_(log), options_(std::move(options)), patience_(loop.loop()) {}

void Delivery::start(std::vector<net::Address> portals, protocol::Submit submit) {
  is_ours_ = true;
  const auto portal = net::address_text(portals.front().host, portals.front().port);
  const auto file_name = submit.file_name;
  pursue(std::move(portals), std::move(submit));
  log_.append("submitted", job_->job(), {{"portal", portal}, {"file", file_name}});
}

void Delivery::start(std::vector<net::Address> portals, protocol::Wait wait) {
  pursue(std::move(portals), std::move(wait));
}

void Delivery::pursue(std::vector<net::Address> portals, PatientJob::Request request) {
  PatientJobOptions options;
  options.session = options_.session;
  options.patience = options_.patience;
  job_ = std::make_unique<PatientJob>(
      loop_.loop(), std::move(portals), std::move(options), std::move(request),
      PatientJobEvents{.on_accepted = [this](const protocol::Accepted& packet) { accepted(packet); },
                       .on_event = [this](const protocol::Event& event) { timeline_.show(event); },
                       .on_delay = [this](const Delay& delay) { delayed(delay); },
                       .on_answer = [this](SubmitAnswer answer) { answered(std::move(answer)); }});
  loop_.ask_first([this](int signal) { return cancels_for(signal); });
  if (options_.answer_timeout.count() > 0) patience_.once(options_.answer_timeout, [this] { timed_out(); });
}

int Delivery::run() {
  const int status = loop_.run();
  loop_.ask_first(nullptr);
  const auto more = job_ ? goes_on() : "";
  const auto id = job_ ? job_->job() : "";
  job_.reset();  // a private portal that is about to end need not wait for us
  if (loop_.interrupted()) {
    log_.append("interrupted", id, {{"status", std::int64_t{status}}});
    say("interrupted" + more);
  }
  return status;
}

void Delivery::accepted(const protocol::Accepted& accepted) {
  if (options_.detach) return loop_.finish(leave_with(accepted.job));
  if (!accepted.problem.empty() && !options_.report.quiet)
    say(harmless_line("accepted, and waits: " + accepted.problem));
  if (accepted.ahead > 0 && tells_progress()) say(place_of(accepted));
}

// The id alone, for a script to wait for.
int Delivery::leave_with(const std::string& job) {
  write_all(STDOUT_FILENO, job + "\n");
  return 0;
}

void Delivery::delayed(const Delay& delay) const {
  const bool is_long = delay.pause >= kLongPause && !options_.report.quiet;
  if (!tells_progress() && !is_long) return;
  say(harmless_line(fmt::format("{}; trying again in {}", delay.reason, rough_duration(delay.pause))));
}

bool Delivery::tells_progress() const {
  return options_.report.events || (!options_.report.quiet && ::isatty(STDERR_FILENO) == 1);
}

void Delivery::answered(SubmitAnswer answer) {
  loop_.finish(std::visit([this](const auto& kind) { return show(kind); }, answer));
}

int Delivery::show(const protocol::Result& result) {
  log_.append("result", job_->job(),
              {{"verdict", std::string(protocol::to_text(result.verdict))},
               {"status", std::int64_t{exit_status_of(result)}},
               {"node", result.node}});
  if (options_.detach) return leave_with(result.job);
  const int status = report_result(result, options_.report, timeline_);
  if (cancel_signal_ == 0) return status;
  if (result.verdict == protocol::Verdict::CANCELLED) return 128 + cancel_signal_;
  say("the job had ended before it was cancelled");
  return status;
}

int Delivery::show(const protocol::Error& error) {
  const bool is_unknown = error.code == protocol::ErrorCode::unknown_job;
  if (cancel_signal_ != 0 && is_unknown && !job_->was_accepted()) {
    say("interrupted; no portal had accepted the job");
    return 128 + cancel_signal_;
  }
  log_.append("error", job_->job(),
              {{"code", std::string(protocol::to_text(error.code))}, {"message", error.message}});
  const int status = report_error(error, options_.report);
  if (!is_unknown || !job_->was_accepted()) return status;
  say("the job was accepted, and is not known any more: the portal has lost its store, or keeps answers for "
      "a "
      "shorter time than this");
  return kUnavailable;
}

int Delivery::show(const Failure& failure) {
  log_.append("error", job_->job(), {{"code", "connection"}, {"message", failure.message}});
  const bool may_go_on = job_->was_sent() || !is_ours_;
  say(harmless_line(failure.message +
                    (may_go_on ? " while waiting for the result" + goes_on() : options_.unreachable_hint)));
  return exit_status_of(failure);
}

// What is true of the job where we leave it, to stand behind what made us leave.
std::string Delivery::goes_on() const {
  if (!options_.job_outlives_us) return "";
  if (is_ours_ && !job_->was_sent()) return "; the job was not submitted";
  const auto way = "; rota wait " + job_->job() + " asks for its answer";
  if (cancel_signal_ != 0) return "; whether the job is cancelled is not known" + way;
  return (job_->was_accepted() || !is_ours_ ? "; the job goes on to its limits"
                                            : "; the job may go on to its limits") +
         way;
}

void Delivery::timed_out() {
  const auto message = "no result within " + std::to_string(options_.answer_timeout.count()) + " ms";
  log_.append("error", job_->job(), {{"code", "timeout"}, {"message", message}});
  say(message + goes_on());
  loop_.finish(kUnavailable);
}

bool Delivery::cancels_for(int signal) {
  const bool is_first = cancel_signal_ == 0;
  if (!is_first || !is_ours_ || !options_.job_outlives_us || !job_->was_sent()) return false;
  cancel_signal_ = signal;
  patience_.once(kCancelBound, [this] { cancel_timed_out(); });
  say("cancelling the job; Ctrl-C once more leaves at once");
  job_->cancel();
  return true;
}

void Delivery::cancel_timed_out() {
  const int status = 128 + cancel_signal_;
  log_.append("interrupted", job_->job(), {{"status", std::int64_t{status}}});
  say(fmt::format("interrupted; no answer within {}", rough_duration(kCancelBound)) + goes_on());
  loop_.finish(status);
}

}  // namespace rota::client
