#pragma once
// One connection to a portal (or straight to a node), for programs as well as for `rota` itself: submits
// jobs, many at once, delivers their live events and their one answer each; streams logs; lists nodes.
//
// Everything happens in the loop's thread. The constructor begins to connect; requests made before the
// connection stands are sent once it does. Whatever becomes of the connection, every request gets exactly one
// answer, unless the session is destroyed first, which closes the connection and calls nobody. Any callback
// may destroy the session.

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "net/entry.hpp"
#include "net/loop.hpp"
#include "net/stream.hpp"
#include "net/timer.hpp"
#include "protocol/packets.hpp"

namespace rota::client {

struct SessionOptions {
  net::Credentials credentials;
  std::chrono::milliseconds connect_timeout{5000};
  // While an answer is awaited the peer is pinged this often …
  std::chrono::milliseconds ping_period{5000};
  // … and given up when not one byte has come for this long.
  std::chrono::milliseconds silence_bound{60'000};
};

// The connection ended, or never stood, before the answer came.
struct Failure {
  std::string message;     // "cannot connect to HOST:PORT: connection refused"
  bool connected = false;  // it stood once: the job may be running
  bool is_final = false;   // trying again is of no use: the token is not good
};

using SubmitAnswer = std::variant<protocol::Result, protocol::Error, Failure>;
using LogsAnswer = std::variant<protocol::LogsEnd, protocol::Error, Failure>;
using NodesAnswer = std::variant<protocol::Nodes, protocol::Error, Failure>;

class Session {
 public:
  Session(net::Loop& loop, net::Address peer, SessionOptions options = {});

  // Called once: connected (nullopt) or not.
  void on_open(std::function<void(const std::optional<Failure>& failure)> callback) {
    on_open_ = std::move(callback);
  }

  // Sends the job and returns its id, which is made where submit.job is empty. on_event is called only where
  // submit.live_events is set, on_accepted only where submit.acknowledge is. The id must not be that of a job in
  // progress on this session.
  std::string submit(protocol::Submit submit, std::function<void(const protocol::Event&)> on_event,
                     std::function<void(SubmitAnswer)> on_answer,
                     std::function<void(const protocol::Accepted&)> on_accepted = nullptr);

  // Asks for the answer to a job that was submitted before, on whatever connection.
  void wait(const protocol::Wait& wait, std::function<void(const protocol::Event&)> on_event,
            std::function<void(SubmitAnswer)> on_answer,
            std::function<void(const protocol::Accepted&)> on_accepted = nullptr);

  // Ends a job; the answer is its result. Where the session awaits that job's answer already, that one is it, and this
  // on_answer is not called.
  void cancel(const protocol::Cancel& cancel, std::function<void(SubmitAnswer)> on_answer);

  // query.query is made by the session. on_answer comes after the last line; with follow, only where the
  // connection fails or the portal ends it.
  void logs(protocol::LogsQuery query, std::function<void(const protocol::Event&)> on_line,
            std::function<void(LogsAnswer)> on_answer);

  void nodes(std::function<void(NodesAnswer)> on_answer);

  // As an administrator: the node gets no new jobs, or gets them again. Answered by the list of nodes.
  void drain(const protocol::Drain& drain, std::function<void(NodesAnswer)> on_answer);

 private:
  // One request that awaits its answer, which is a Result, LogsEnd, Nodes or Error packet, or a Failure.
  struct Pending {
    std::function<void(const protocol::Event&)> on_event;
    std::function<void(std::variant<protocol::Packet, Failure>)> on_answer;
    std::function<void(const protocol::Accepted&)> on_accepted = nullptr;
  };

  void connected(std::unique_ptr<net::PacketStream> stream, const net::Entry::Problem& problem);
  void send(const protocol::Packet& packet);
  void await(const std::string& id, Pending pending);
  void received(const std::string& json);
  void dispatch(protocol::Packet packet);
  void deliver_event(const std::string& id, const protocol::Event& event);
  void deliver(const protocol::Accepted& accepted);
  void answer(const std::string& id, protocol::Packet packet);
  void answer_all(std::variant<protocol::Packet, Failure> packet);
  void keep_alive();
  void fail(const std::string& message, bool is_final = false);

  net::Address peer_;
  SessionOptions options_;
  std::function<void(const std::optional<Failure>&)> on_open_;
  std::map<std::string, Pending> pending_;  // by job id, query id, or kNodesId
  std::vector<std::string> outbox_;         // what was sent before the connection stood
  std::optional<Failure> failure_;
  bool was_connected_ = false;
  std::uint64_t pings_ = 0;
  std::uint64_t queries_ = 0;
  std::uint64_t heard_bytes_ = 0;
  std::chrono::steady_clock::time_point last_heard_;  // as keep_alive() found it
  net::Timer ping_timer_;
  std::unique_ptr<net::PacketStream> stream_;
  net::Entry entry_;
};

}  // namespace rota::client
