#pragma once
// One peer of the node, a portal or a client: its packets in, its answers out. Many jobs and log queries may
// be under way at once. While it takes results more slowly than they are made, they wait in an outbox, and no
// further job of it is begun.
//
// A portal that gives the node a lease has its jobs in the hands of ClusterJobs, where they outlive the connection.
// All others' jobs are the connection's own: when the peer goes, they are taken back.
//
// Each packet is answered in the version in which it came, a hello in the highest that both sides speak.
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
#include <optional>
#include <string>
#include <vector>

#include "judge-node/cluster_jobs.hpp"
#include "judge-node/event_log.hpp"
#include "judge-node/job_service.hpp"
#include "judge-node/log_query.hpp"
#include "judge-node/outbox.hpp"
#include "judge-node/self_test_desk.hpp"
#include "judge-node/silence_watch.hpp"
#include "net/stream.hpp"
#include "protocol/error.hpp"
#include "protocol/packets.hpp"
#include "protocol/stdin_blobs.hpp"

namespace rota::node {

// What a connection works with; all of it outlives the connection.
struct ConnectionContext {
  net::Loop& loop;
  JobService& jobs;
  ClusterJobs& clusters;
  EventLog& log;
  SelfTestDesk& self_tests;
  protocol::StdinBlobs& stdin_blobs;
  std::function<protocol::Hello()> hello;  // of this node, now
  std::function<void()> on_progress;       // there may be less in hand than before
  std::size_t max_waiting_bytes;           // of results that a peer does not take yet
};

// Each may destroy the connection.
struct ConnectionEvents {
  std::function<void()> on_gone;     // once
  std::function<void()> on_greeted;  // by a hello
  // An error before any hello: what the peer says. Unset: it is nothing to this side.
  std::function<void(const std::string& message)> on_refused;
};

class Connection {
 public:
  static constexpr std::size_t kMaxLogQueries = 64;  // as many as a portal relays over its one link
  static constexpr std::size_t kMaxLogQueriesOfAll = 128;

  Connection(ConnectionContext& context, std::unique_ptr<net::PacketStream> stream, ConnectionEvents events);
  ~Connection();  // takes its own jobs back
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void start();

  // On a connection that this node has made to a portal, which says hello to what is sent first.
  void introduce(const std::vector<protocol::Packet>& packets);

  // Says, to a portal that can understand it, that this node takes no new jobs.
  void tell_drain();

  // No answer to a job is due or under way, but for what the clusters' jobs wait for.
  bool has_answered_all() const { return jobs_.empty() && !is_sending_results_; }

 private:
  void take(const std::string& json);
  void refuse(const protocol::ProtocolError& error, const std::string& job);

  // One for each packet that a node takes; the others end in the template.
  void answer(const protocol::Hello& hello);
  void answer(protocol::Submit submission);
  void answer(const protocol::Lease& lease);
  void answer(const protocol::Stored& stored);
  void answer(const protocol::Cancel& cancel);
  void answer(const protocol::SelfTest&);
  void answer(protocol::LogsQuery query);
  void answer(const protocol::LogsStop& stop);
  void answer(protocol::Ping ping);
  void answer(protocol::Pong) {}
  void answer(const protocol::Authenticated&) {}
  void answer(const protocol::Error& error);  // never answered, or two peers could talk of errors for ever
  template <typename Other>
  void answer(const Other&);

  void submit_own(protocol::Submit submission);
  void send(const protocol::Packet& packet, int version);
  void send_result(const std::string& job, const protocol::Result& result, int version);
  void end_query(const std::string& query, const protocol::Packet& last, int version);
  void watch_for_silence();
  void peer_finished();
  void drained();
  void close_if_done();
  void gone();

  ConnectionContext& context_;
  std::unique_ptr<net::PacketStream> stream_;
  ConnectionEvents events_;
  Outbox outbox_;
  std::map<std::string, JobService::JobNumber> jobs_;  // its own, by job id
  std::map<std::string, std::unique_ptr<LogQuery>> queries_;
  std::optional<ClusterJobs::Link> link_;        // once it has given a lease
  std::optional<SilenceWatch> silence_;          // of portals that ping
  int version_ = protocol::kOldestVersion;       // of the packet that is being answered, or of the last
  int peer_version_ = protocol::kOldestVersion;  // the highest that both speak, once it has said hello
  bool has_logged_error_ = false;
  bool is_daemon_ = false;
  bool is_greeted_ = false;
  bool peer_finished_ = false;
  bool is_sending_results_ = false;
  bool awaits_self_test_ = false;
};

}  // namespace rota::node
