#include "judge-node/connection.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>
#include <variant>

#include "protocol/conversion.hpp"
#include "protocol/job_id.hpp"

namespace rota::node {

using protocol::ErrorCode;
using protocol::ProtocolError;

namespace {

// The job or query that a packet speaks of, for the error that may answer it; empty if none.
template <typename Packet>
std::string id_of(const Packet& packet) {
  if constexpr (requires { packet.job; }) return packet.job;
  if constexpr (requires { packet.query; }) return packet.query;
  return {};
}

// What ends the answer to a query: logs_end, or what kept the log from being read.
protocol::Packet last_packet(const std::string& query, const std::string& problem) {
  if (problem.empty()) return protocol::LogsEnd{.query = query, .unreachable = {}};
  return protocol::Error{.code = ErrorCode::internal,
                         .job = query,
                         .where = "",
                         .message = "the log cannot be read: " + problem};
}

}  // namespace

Connection::Connection(ConnectionContext& context, std::unique_ptr<net::PacketStream> stream,
                       ConnectionEvents events)
    : context_(context),
      stream_(std::move(stream)),
      events_(std::move(events)),
      outbox_(*stream_, context.max_waiting_bytes) {}

Connection::~Connection() {
  context_.self_tests.forget(this);
  if (link_) context_.clusters.end_link(*link_);
  for (const auto& [id, number] : jobs_) context_.jobs.cancel(number);
}

void Connection::start() {
  stream_->start({
      .on_packet = [this](const std::string& json) { take(json); },
      .on_bad_framing =
          [this](const ProtocolError& error) {
            refuse(error, "");
            stream_->close_after_sending();
          },
      .on_finished = [this] { peer_finished(); },
      .on_drained = [this] { drained(); },
      .on_closed = [this](const std::string&) { gone(); },
  });
}

void Connection::introduce(const std::vector<protocol::Packet>& packets) {
  for (const protocol::Packet& packet : packets) send(packet, protocol::kVersion);
  watch_for_silence();
}

void Connection::tell_drain() {
  if (is_daemon_ && peer_version_ > 1) send(protocol::Drain{.node = "", .on = true}, peer_version_);
}

void Connection::take(const std::string& json) {
  context_.clusters.look();
  std::optional<std::string> about;  // the job or query of an error; not known of what is no packet
  try {
    protocol::Packet packet = protocol::from_json(json, &version_);
    about = std::visit([](const auto& typed) { return id_of(typed); }, packet);
    std::visit([this](auto&& typed) { answer(std::forward<decltype(typed)>(typed)); }, std::move(packet));
  } catch (const ProtocolError& error) {
    refuse(error, about ? *about : protocol::job_of_bad_packet(json));
  } catch (const std::exception& problem) {  // of this machine, such as no memory or no descriptor left
    refuse({ErrorCode::internal, "", problem.what()}, about.value_or(""));
  }
}

void Connection::refuse(const ProtocolError& error, const std::string& job) {
  if (!std::exchange(has_logged_error_, true)) {
    context_.log.note("protocol.error", {{"peer", stream_->peer()},
                                         {"code", std::string(protocol::to_text(error.code()))},
                                         {"where", error.where()}});
  }
  send(protocol::Error{.code = error.code(), .job = job, .where = error.where(), .message = error.what()},
       version_);
}

void Connection::answer(const protocol::Hello& hello) {
  is_daemon_ = !hello.name.empty();
  peer_version_ = protocol::common_version(hello);
  send(context_.hello(), peer_version_);
  const auto on_greeted = events_.on_greeted;  // it may destroy this object
  if (!std::exchange(is_greeted_, true) && on_greeted) on_greeted();
}

void Connection::answer(const protocol::Error& error) {
  const auto on_refused = events_.on_refused;  // it may destroy this object
  if (!is_greeted_ && on_refused) on_refused(error.message);
}

void Connection::answer(protocol::Submit submission) {
  if (submission.job.empty()) submission.job = protocol::make_job_id(now().utc);
  if (const auto refusal = context_.stdin_blobs.settle(submission, "")) return send(*refusal, version_);
  if (link_) return context_.clusters.submit(*link_, std::move(submission));
  submit_own(std::move(submission));
}

void Connection::submit_own(protocol::Submit submission) {
  const std::string job = submission.job;
  const int version = version_;
  JobObserver observer{
      .on_event = {},
      .on_result = [this, job, version](const auto& result) { send_result(job, result, version); },
      .is_full = [this] { return !outbox_.empty(); }};
  if (submission.live_events)
    observer.on_event = [this, version](const auto& event) { send(protocol::LiveEvent{event}, version); };
  const auto number = context_.jobs.submit(std::move(submission), std::move(observer));
  jobs_.emplace(job, number);
}

// One cluster a connection, once: a second lease would ask for all that is kept again.
void Connection::answer(const protocol::Lease& lease) {
  if (link_) throw ProtocolError(ErrorCode::unexpected_packet, "type", "this connection has a lease already");
  link_ = context_.clusters.take_lease(
      lease,
      {.send = [this](const protocol::Packet& packet) { send(packet, protocol::kVersion); },
       .has_room = [this] { return stream_->is_open() && stream_->queued_bytes() <= Outbox::kRoomBytes; }});
  watch_for_silence();
}

void Connection::answer(const protocol::Stored& stored) {
  if (!link_) throw ProtocolError(ErrorCode::unexpected_packet, "type", "this connection has no lease");
  context_.clusters.stored(*link_, stored);
}

void Connection::answer(const protocol::Cancel& cancel) {
  if (link_) context_.clusters.cancel(*link_, cancel);
  const auto own = jobs_.extract(cancel.job);
  if (own.empty()) return;
  context_.jobs.cancel(own.mapped());
  close_if_done();
}

void Connection::answer(const protocol::SelfTest&) {
  awaits_self_test_ = true;
  context_.self_tests.ask(this, [this, version = version_](const std::string& problem) {
    awaits_self_test_ = false;
    send(protocol::SelfTested{problem}, version);
    close_if_done();
  });
}

void Connection::answer(protocol::LogsQuery query) {
  if (queries_.contains(query.query)) {
    throw ProtocolError(ErrorCode::duplicate_job, "query",
                        "a query of this name is in progress on this connection");
  }
  if (queries_.size() >= kMaxLogQueries || context_.log.subscriptions() >= kMaxLogQueriesOfAll) {
    throw ProtocolError(
        ErrorCode::busy, "",
        fmt::format("at most {} log queries at a time on one connection, and {} on all; try later",
                    kMaxLogQueries, kMaxLogQueriesOfAll));
  }
  const std::string name = query.query;
  auto on_end = [this, name, version = version_](const std::string& problem) {
    end_query(name, last_packet(name, problem), version);
  };
  queries_.emplace(name, std::make_unique<LogQuery>(context_.loop, context_.log, *stream_, std::move(query),
                                                    version_, std::move(on_end)));
}

void Connection::answer(const protocol::LogsStop& stop) {
  if (queries_.contains(stop.query)) end_query(stop.query, last_packet(stop.query, ""), version_);
}

void Connection::answer(protocol::Ping ping) {
  if (link_) return context_.clusters.ping(*link_, ping);
  send(protocol::Pong{ping.number}, version_);
}

template <typename Other>
void Connection::answer(const Other&) {
  throw ProtocolError(ErrorCode::unexpected_packet, "type", "a node does not take packets of this type");
}

void Connection::send(const protocol::Packet& packet, int version) {
  stream_->send(protocol::to_wire(packet, version));
}

void Connection::send_result(const std::string& job, const protocol::Result& result, int version) {
  jobs_.erase(job);
  is_sending_results_ = true;
  outbox_.send(protocol::to_wire(result, version));
  close_if_done();
}

// Whatever has waited for the peer goes on.
void Connection::drained() {
  for (const auto& [name, query] : queries_) query->wake();
  if (link_) context_.clusters.send_what_fits(*link_);
  if (outbox_.empty()) {
    if (std::exchange(is_sending_results_, false)) context_.on_progress();
    return;
  }
  outbox_.send_what_fits();
  if (!outbox_.empty()) return;
  context_.jobs.look_again();
  close_if_done();
}

void Connection::end_query(const std::string& query, const protocol::Packet& last, int version) {
  queries_.erase(query);
  send(last, version);
  close_if_done();
}

void Connection::peer_finished() {
  if (is_daemon_) return gone();
  peer_finished_ = true;
  for (const auto& [name, query] : queries_) query->stop_following();  // since no logs_stop can come any more
  close_if_done();
}

void Connection::close_if_done() {
  const bool done = jobs_.empty() && queries_.empty() && outbox_.empty() && !awaits_self_test_;
  if (peer_finished_ && done) stream_->close_after_sending();
}

void Connection::watch_for_silence() {
  if (!silence_) silence_.emplace(context_.loop, *stream_, [this] { gone(); });
}

void Connection::gone() {
  const auto on_gone = std::move(events_.on_gone);  // it destroys this object
  on_gone();
}

}  // namespace rota::node
