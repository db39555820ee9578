#include "judge-node/log_query.hpp"

#include <fmt/format.h>

#include <utility>

#include "protocol/conversion.hpp"

namespace rota::node {
namespace {

constexpr std::chrono::milliseconds kAtOnce{0};

// How the first line begins that is young enough.
std::string first_wanted(const protocol::LogsQuery& query) {
  return query.since ? fmt::format("{{\"time\":\"{}\"", to_rfc3339(*query.since)) : "";
}

}  // namespace

LogQuery::LogQuery(net::Loop& loop, EventLog& log, net::PacketStream& stream, protocol::LogsQuery query,
                   int version, OnEnd on_end)
    : stream_(stream),
      query_(std::move(query)),
      version_(version),
      on_end_(std::move(on_end)),
      reader_(log.path(), LineLogBounds{}.kept),
      turn_(loop),
      since_(first_wanted(query_)),
      other_node_(!query_.node.empty() && query_.node != log.host()),
      subscription_(log.subscribe([this] { wake(); })) {
  turn_.once(kAtOnce, [this] { read_some(); });
}

void LogQuery::stop_following() {
  query_.follow = false;
  wake();
}

void LogQuery::wake() {
  if (std::exchange(waiting_, false)) turn_.once(kAtOnce, [this] { read_some(); });
}

void LogQuery::read_some() {
  if (stream_.queued_bytes() > kMaxQueuedBytes) {
    waiting_ = true;
    return;
  }
  try {
    if (send_next_lines()) return turn_.once(kAtOnce, [this] { read_some(); });
  } catch (const std::exception& problem) {  // of this machine, such as no descriptor left for a file
    return end(problem.what());
  }
  if (!query_.follow || other_node_) return end("");
  waiting_ = true;
}

// False once every line that stands in the log has been sent.
bool LogQuery::send_next_lines() {
  if (other_node_) return false;
  return reader_.read(kBytesPerTurn, [this](std::string_view line) { send_if_wanted(line); });
}

void LogQuery::end(const std::string& problem) {
  const auto on_end = std::move(on_end_);  // it destroys this object
  on_end(problem);
}

void LogQuery::send_if_wanted(std::string_view line) {
  // Both cheaper than reading it as JSON: lines begin with their time, and times in order as text.
  if (line.find(query_.job) == std::string_view::npos || line.substr(0, since_.size()) < since_) return;
  try {
    protocol::Event event = protocol::from_log_line(line);
    if (is_wanted(event))
      stream_.send(protocol::to_wire(protocol::LogLine{query_.query, std::move(event)}, version_));
  } catch (const protocol::ProtocolError&) {
    // A line that was cut by a crash or a full disk; the others are still good.
  }
}

bool LogQuery::is_wanted(const protocol::Event& event) const {
  if (!query_.job.empty() && event.job != query_.job) return false;
  return !query_.since || event.time >= *query_.since;
}

}  // namespace rota::node
