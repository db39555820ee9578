#include "client/session.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/time.hpp"
#include "protocol/conversion.hpp"
#include "protocol/job_id.hpp"

namespace rota::client {
namespace {

using AnyAnswer = std::variant<protocol::Packet, Failure>;

// Queries for nodes carry no id on the wire; no job or query of ours has this one.
const std::string kNodesId = "nodes";

// The answer as its own type; a packet of another type that came under this request's id makes no sense.
template <typename Wanted>
std::variant<Wanted, protocol::Error, Failure> narrowed(AnyAnswer answer) {
  if (auto* failure = std::get_if<Failure>(&answer)) return std::move(*failure);
  auto& packet = std::get<protocol::Packet>(answer);
  if (auto* wanted = std::get_if<Wanted>(&packet)) return std::move(*wanted);
  if (auto* error = std::get_if<protocol::Error>(&packet)) return std::move(*error);
  return Failure{"the peer answered with a packet of another kind", true};
}

// A request's callback for answers of one type, as one for any.
template <typename Wanted>
std::function<void(AnyAnswer)> narrowing(
    std::function<void(std::variant<Wanted, protocol::Error, Failure>)> on_answer) {
  return [deliver = std::move(on_answer)](AnyAnswer answer) { deliver(narrowed<Wanted>(std::move(answer))); };
}

}  // namespace

Session::Session(net::Loop& loop, net::Address peer, SessionOptions options)
    : peer_(std::move(peer)), options_(std::move(options)), ping_timer_(loop), entry_(loop) {
  entry_.come_in(peer_.host, peer_.port, options_.connect_timeout, options_.credentials,
                 [this](std::unique_ptr<net::PacketStream> stream, const net::Entry::Problem& problem) {
                   connected(std::move(stream), problem);
                 });
}

void Session::connected(std::unique_ptr<net::PacketStream> stream, const net::Entry::Problem& problem) {
  const auto address = net::address_text(peer_.host, peer_.port);
  if (!stream) return fail(fmt::format("cannot connect to {}: {}", address, problem.text), problem.is_final);
  stream_ = std::move(stream);
  was_connected_ = true;
  last_heard_ = std::chrono::steady_clock::now();
  stream_->start({.on_packet = [this](std::string json) { received(json); },
                  .on_closed =
                      [this, address](const std::string& reason) {
                        fail(fmt::format("the connection to {} is lost: {}", address, reason));
                      }});
  for (auto& bytes : std::exchange(outbox_, {})) stream_->send(std::move(bytes));
  ping_timer_.every(options_.ping_period, [this] { keep_alive(); });
  if (on_open_) std::exchange(on_open_, nullptr)(std::nullopt);
}

std::string Session::submit(protocol::Submit submit, std::function<void(const protocol::Event&)> on_event,
                            std::function<void(SubmitAnswer)> on_answer,
                            std::function<void(const protocol::Accepted&)> on_accepted) {
  if (submit.job.empty()) submit.job = protocol::make_job_id(now().utc);
  const std::string job = submit.job;
  send(std::move(submit));
  await(job,
        {std::move(on_event), narrowing<protocol::Result>(std::move(on_answer)), std::move(on_accepted)});
  return job;
}

void Session::wait(const protocol::Wait& wait, std::function<void(const protocol::Event&)> on_event,
                   std::function<void(SubmitAnswer)> on_answer,
                   std::function<void(const protocol::Accepted&)> on_accepted) {
  send(wait);
  await(wait.job,
        {std::move(on_event), narrowing<protocol::Result>(std::move(on_answer)), std::move(on_accepted)});
}

void Session::cancel(const protocol::Cancel& cancel, std::function<void(SubmitAnswer)> on_answer) {
  send(cancel);
  if (pending_.count(cancel.job) != 0) return;
  await(cancel.job, {nullptr, narrowing<protocol::Result>(std::move(on_answer))});
}

void Session::logs(protocol::LogsQuery query, std::function<void(const protocol::Event&)> on_line,
                   std::function<void(LogsAnswer)> on_answer) {
  query.query = fmt::format("logs-{}", ++queries_);
  const std::string id = query.query;
  send(std::move(query));
  await(id, {std::move(on_line), narrowing<protocol::LogsEnd>(std::move(on_answer))});
}

void Session::nodes(std::function<void(NodesAnswer)> on_answer) {
  send(protocol::NodesQuery{});
  await(kNodesId, {nullptr, narrowing<protocol::Nodes>(std::move(on_answer))});
}

void Session::drain(const protocol::Drain& drain, std::function<void(NodesAnswer)> on_answer) {
  send(drain);
  await(kNodesId, {nullptr, narrowing<protocol::Nodes>(std::move(on_answer))});
}

void Session::send(const protocol::Packet& packet) {
  if (stream_ && stream_->is_open()) {
    stream_->send(protocol::to_wire(packet));
  } else if (!failure_) {
    outbox_.push_back(protocol::to_wire(packet));
  }
}

void Session::await(const std::string& id, Pending pending) {
  pending_.insert_or_assign(id, std::move(pending));
  // The connection has failed already: the answer still comes from the loop, never from within the request.
  if (failure_) ping_timer_.once(std::chrono::milliseconds(0), [this] { answer_all(*failure_); });
}

void Session::received(const std::string& json) {
  std::optional<protocol::Packet> packet;
  try {
    packet = protocol::from_json(json);
  } catch (const protocol::ProtocolError& error) {
    return fail(fmt::format("{} sent what this version of rota does not understand: {}",
                            net::address_text(peer_.host, peer_.port), error.what()));
  }
  dispatch(std::move(*packet));
}

void Session::dispatch(protocol::Packet packet) {
  if (const auto* live = std::get_if<protocol::LiveEvent>(&packet))
    return deliver_event(live->event.job, live->event);
  if (const auto* accepted = std::get_if<protocol::Accepted>(&packet)) return deliver(*accepted);
  if (const auto* line = std::get_if<protocol::LogLine>(&packet))
    return deliver_event(line->query, line->event);
  if (const auto* ping = std::get_if<protocol::Ping>(&packet)) return send(protocol::Pong{ping->number});
  if (std::holds_alternative<protocol::Nodes>(packet)) return answer(kNodesId, std::move(packet));
  if (const auto* result = std::get_if<protocol::Result>(&packet)) {
    const std::string id = result->job;
    return answer(id, std::move(packet));
  }
  if (const auto* end = std::get_if<protocol::LogsEnd>(&packet)) {
    const std::string id = end->query;
    return answer(id, std::move(packet));
  }
  if (const auto* error = std::get_if<protocol::Error>(&packet)) {
    const std::string id = error->job;
    // An error that names no request of ours speaks of the connection, and so of all of them.
    if (pending_.count(id) == 0) return answer_all(packet);
    return answer(id, std::move(packet));
  }
}

void Session::deliver_event(const std::string& id, const protocol::Event& event) {
  const auto found = pending_.find(id);
  if (found == pending_.end() || !found->second.on_event) return;
  const auto callback = found->second.on_event;  // a copy: the callback may destroy this session
  callback(event);
}

void Session::deliver(const protocol::Accepted& accepted) {
  const auto found = pending_.find(accepted.job);
  if (found == pending_.end() || !found->second.on_accepted) return;
  const auto callback = found->second.on_accepted;  // a copy: the callback may destroy this session
  callback(accepted);
}

void Session::answer(const std::string& id, protocol::Packet packet) {
  auto found = pending_.extract(id);
  if (!found.empty()) found.mapped().on_answer(std::move(packet));
}

// By value: a callback may destroy this session, and failure_ with it.
void Session::answer_all(AnyAnswer packet) {
  auto pending = std::exchange(pending_, {});
  while (pending.size() > 1) pending.extract(pending.begin()).mapped().on_answer(packet);
  if (!pending.empty()) pending.begin()->second.on_answer(std::move(packet));
}

void Session::keep_alive() {
  const bool has_come = std::exchange(heard_bytes_, stream_->received_bytes()) != stream_->received_bytes();
  if (pending_.empty() || has_come) last_heard_ = std::chrono::steady_clock::now();
  if (pending_.empty()) return;
  const auto silence = std::chrono::steady_clock::now() - last_heard_;
  if (silence < options_.silence_bound) return send(protocol::Ping{++pings_});
  fail(fmt::format("{} has not been heard of for {} s", net::address_text(peer_.host, peer_.port),
                   std::chrono::duration_cast<std::chrono::seconds>(silence).count()));
}

void Session::fail(const std::string& message, bool is_final) {
  failure_ = Failure{message, was_connected_, is_final};
  const auto failure = failure_;  // a callback may destroy this session
  outbox_.clear();
  ping_timer_.stop();
  stream_.reset();
  auto callback = std::exchange(on_open_, nullptr);
  auto pending = std::exchange(pending_, {});
  if (callback) callback(failure);
  for (auto& [id, request] : pending) request.on_answer(*failure);
}

}  // namespace rota::client
