#pragma once
// One peer of the node, a portal or a client: its packets in, its answers out. Many jobs and log queries may
// be under way at once. When the peer goes, its jobs are taken back. While it takes results more slowly than
// they are made, they wait in an outbox, and no further job of it is begun.
//
// A client may end its direction after its last packet and still reads its answers (PROTOCOL.md, "Half-closed
// connections"); a query that follows the log ends then, with what is written by that time. A daemon, one
// that said hello by name, has no reason to end its direction: it means that it is gone.
//
// Every bad packet is answered, but only the first one of a connection is logged (protocol.error): a flood of
// them must not make the log rotate until what it held is gone.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "judge-node/event_log.hpp"
#include "judge-node/job_service.hpp"
#include "judge-node/log_query.hpp"
#include "judge-node/outbox.hpp"
#include "net/stream.hpp"
#include "protocol/error.hpp"
#include "protocol/packets.hpp"

namespace rota::node {

// What a connection works with; all of it outlives the connection.
struct ConnectionContext {
  net::Loop& loop;
  JobService& jobs;
  EventLog& log;
  std::uint32_t slots;
  const LanguageTable& languages;
  std::size_t max_waiting_bytes;  // of results that a peer does not take yet
};

class Connection {
 public:
  static constexpr std::size_t kMaxLogQueries = 64;  // as many as a portal relays over its one link
  static constexpr std::size_t kMaxLogQueriesOfAll = 128;

  // on_gone is called once and may destroy the connection.
  Connection(ConnectionContext& context, std::unique_ptr<net::PacketStream> stream,
             std::function<void()> on_gone);
  ~Connection();  // takes its jobs back
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void start();

 private:
  void take(const std::string& json);
  void refuse(const protocol::ProtocolError& error, const std::string& job);

  // One for each packet that a node takes; the others end in the template.
  void answer(const protocol::Hello& hello);
  void answer(protocol::Submit submission);
  void answer(protocol::LogsQuery query);
  void answer(const protocol::LogsStop& stop);
  void answer(protocol::Ping ping);
  void answer(protocol::Pong) {}
  void answer(const protocol::Error&) {}  // never answered, or two peers could talk of errors for ever
  template <typename Other>
  void answer(const Other&);

  void send(const protocol::Packet& packet);
  void send_result(const std::string& job, const protocol::Result& result);
  void end_query(const std::string& query, const protocol::Packet& last);
  void peer_finished();
  void drained();
  void close_if_done();
  void gone();

  ConnectionContext& context_;
  std::unique_ptr<net::PacketStream> stream_;
  std::function<void()> on_gone_;
  Outbox outbox_;
  std::map<std::string, JobService::JobNumber> jobs_;  // by job id
  std::map<std::string, std::unique_ptr<LogQuery>> queries_;
  bool has_logged_error_ = false;
  bool is_daemon_ = false;
  bool peer_finished_ = false;
};

}  // namespace rota::node
