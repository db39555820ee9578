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
                       std::function<void()> on_gone)
    : context_(context),
      stream_(std::move(stream)),
      on_gone_(std::move(on_gone)),
      outbox_(*stream_, context.max_waiting_bytes) {}

Connection::~Connection() {
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

void Connection::take(const std::string& json) {
  std::optional<std::string> about;  // the job or query of an error; not known of what is no packet
  try {
    protocol::Packet packet = protocol::from_json(json);
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
  send(protocol::Error{.code = error.code(), .job = job, .where = error.where(), .message = error.what()});
}

void Connection::answer(const protocol::Hello& hello) {
  is_daemon_ = !hello.name.empty();
  send(protocol::Hello{.name = context_.log.host(),
                       .slots = context_.slots,
                       .languages = context_.languages.names(),
                       .toolchains = context_.languages.toolchains()});
}

void Connection::answer(protocol::Submit submission) {
  if (submission.job.empty()) submission.job = protocol::make_job_id(now().utc);
  const std::string job = submission.job;
  JobObserver observer{.on_event = {},
                       .on_result = [this, job](const protocol::Result& result) { send_result(job, result); },
                       .is_full = [this] { return !outbox_.empty(); }};
  if (submission.live_events) {
    observer.on_event = [this](const protocol::Event& event) { send(protocol::LiveEvent{event}); };
  }
  const auto number = context_.jobs.submit(std::move(submission), std::move(observer));
  jobs_.emplace(job, number);
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
  auto on_end = [this, name](const std::string& problem) { end_query(name, last_packet(name, problem)); };
  queries_.emplace(name, std::make_unique<LogQuery>(context_.loop, context_.log, *stream_, std::move(query),
                                                    std::move(on_end)));
}

void Connection::answer(const protocol::LogsStop& stop) {
  if (queries_.contains(stop.query)) end_query(stop.query, last_packet(stop.query, ""));
}

void Connection::answer(protocol::Ping ping) {
  send(protocol::Pong{ping.number});
}

template <typename Other>
void Connection::answer(const Other&) {
  throw ProtocolError(ErrorCode::unexpected_packet, "type", "a node does not take packets of this type");
}

void Connection::send(const protocol::Packet& packet) {
  stream_->send(protocol::to_wire(packet));
}

void Connection::send_result(const std::string& job, const protocol::Result& result) {
  jobs_.erase(job);
  outbox_.send(protocol::to_wire(result));
  close_if_done();
}

// Whatever has waited for the peer goes on.
void Connection::drained() {
  for (const auto& [name, query] : queries_) query->wake();
  if (outbox_.empty()) return;
  outbox_.send_what_fits();
  if (!outbox_.empty()) return;
  context_.jobs.look_again();
  close_if_done();
}

void Connection::end_query(const std::string& query, const protocol::Packet& last) {
  queries_.erase(query);
  send(last);
  close_if_done();
}

void Connection::peer_finished() {
  if (is_daemon_) return gone();
  peer_finished_ = true;
  for (const auto& [name, query] : queries_) query->stop_following();  // since no logs_stop can come any more
  close_if_done();
}

void Connection::close_if_done() {
  const bool done = jobs_.empty() && queries_.empty() && outbox_.empty();
  if (peer_finished_ && done) stream_->close_after_sending();
}

void Connection::gone() {
  const auto on_gone = std::move(on_gone_);  // it destroys this object
  on_gone();
}

}  // namespace rota::node
