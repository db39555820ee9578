#pragma once
// One logs_query in progress: sends the lines of the log that it asks for, a bounded piece each turn of the
// loop, so that neither the other connections nor the memory suffer; where it follows, it goes on whenever a
// line is appended.

#include <functional>
#include <string>

#include "judge-node/event_log.hpp"
#include "judge-node/log_reader.hpp"
#include "net/stream.hpp"
#include "net/timer.hpp"
#include "protocol/packets.hpp"

namespace rota::node {

class LogQuery {
 public:
  static constexpr std::size_t kBytesPerTurn = 16 << 10;   // below a millisecond of reading JSON
  static constexpr std::size_t kMaxQueuedBytes = 4 << 20;  // more is not read until the peer has taken some

  // Called once, from a turn of the loop of its own: every line has been sent (never where it follows), or
  // the log cannot be read, as problem then says. It tells the peer and may destroy the query.
  using OnEnd = std::function<void(const std::string& problem)>;

  // stream and log outlive the query. version: of the packets that answer it.
  LogQuery(net::Loop& loop, EventLog& log, net::PacketStream& stream, protocol::LogsQuery query, int version,
           OnEnd on_end);

  // Goes on to the end of what is written now, and ends there.
  void stop_following();

  // There is something to do again: the log has grown, or the stream has sent all it had.
  void wake();

 private:
  void read_some();
  bool send_next_lines();
  void end(const std::string& problem);
  void send_if_wanted(std::string_view line);
  bool is_wanted(const protocol::Event& event) const;

  net::PacketStream& stream_;
  protocol::LogsQuery query_;
  int version_;
  OnEnd on_end_;
  LogReader reader_;
  net::Timer turn_;
  std::string since_;     // no wanted line sorts before it; empty: all are wanted
  bool waiting_ = false;  // for wake()
  bool other_node_;       // asks for another host's lines: we have none
  EventLog::Subscription subscription_;
};

}  // namespace rota::node
