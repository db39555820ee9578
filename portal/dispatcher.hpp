#pragma once
// The life of every job at the portal: accepted from a client, given to a node, answered once. Sans-IO: takes
// what happened, with its time, and returns what to do.
//
// A job that comes while no node is up waits (up to node_wait) for one, in the order of arrival; after that
// the client gets a no_node error. One whose node has as many bytes in hand as it takes waits here for that
// node. A job whose node is lost is given to another where the node had not got it yet, else it is answered
// with IE: nothing is ever left unanswered.

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "portal/scheduler.hpp"
#include "protocol/packets.hpp"

namespace rota::portal {

using ClientId = std::uint64_t;
using NodeIndex = std::size_t;

struct ToClient {
  ClientId client;
  protocol::Packet packet;
};
struct ToNode {
  NodeIndex node;
  protocol::Packet packet;
};
struct ToLog {
  protocol::Event event;
};
using Action = std::variant<ToClient, ToNode, ToLog>;
using Actions = std::vector<Action>;

struct DispatcherBounds {
  std::size_t jobs = 100'000;          // unanswered, all clients together
  std::size_t jobs_per_client = 1024;  // unanswered, one connection
  std::uint64_t held_bytes = 1 << 30;  // sources and stdin of jobs that no node has yet
  // Of the unanswered jobs that one node has got, or one job that is larger. As JSON (four thirds) and with
  // one more of the largest jobs it stays below what a connection queues (net/stream.hpp).
  std::uint64_t bytes_per_node = 32 << 20;
  std::chrono::milliseconds node_wait{3000};
};

class Dispatcher {
 public:
  // addresses: one per node, for messages. name: this portal's, for events.
  Dispatcher(std::string name, std::uint64_t seed, std::vector<std::string> addresses,
             DispatcherBounds bounds = {});

  Actions submit(ClientId client, protocol::Submit submit, Instant now);
  Actions node_up(NodeIndex node, const protocol::Hello& hello, Instant now);
  // Every job that the node has got is answered with IE. reason is also told while the node stays down.
  Actions node_down(NodeIndex node, const std::string& reason, Instant now);
  // An answer to a job that is not that node's (any more) is logged and dropped.
  Actions result(NodeIndex node, protocol::Result result, Instant now);
  Actions refused(NodeIndex node, protocol::Error error, Instant now);
  Actions live_event(NodeIndex node, const protocol::Event& event);
  // Its jobs go on; their answers are dropped.
  void client_gone(ClientId client);
  // Gives up jobs that have waited for a node for too long. To be called now and then.
  Actions tick(Instant now);

  std::size_t jobs_of(ClientId client) const;
  std::size_t jobs() const { return jobs_.size(); }
  protocol::Nodes nodes() const;
  // As people know it: by its hello, or its address before that.
  const std::string& name_of(NodeIndex node) const;

 private:
  struct Node {
    std::string address;
    NodeLoad load;
    std::uint32_t slots = 0;        // as its hello says
    std::uint64_t bytes = 0;        // of what it has got and not answered
    std::deque<std::string> queue;  // ids that are to go to it, oldest first
    std::string name;
    std::vector<std::string> languages;
    std::vector<protocol::Toolchain> toolchains;
    std::string problem = "not connected yet";
  };
  struct Job {
    ClientId client = 0;
    bool client_gone = false;
    bool live_events = false;
    protocol::Schedule schedule = protocol::Schedule::least_loaded;
    Instant received;
    std::optional<NodeIndex> node;  // absent while it waits for one
    bool sent = false;              // the node has got it
    std::uint64_t bytes = 0;
    protocol::Submit submit;  // emptied once it has been sent
    std::vector<protocol::Event> events;
  };
  using Jobs = std::unordered_map<std::string, Job>;

  void require_acceptable(ClientId client, const protocol::Submit& submit) const;
  void dispatch_waiting(Instant now, Actions& actions);
  void choose_node(const std::string& id, Job& job);
  void send_queued(NodeIndex node, Instant now, Actions& actions);
  void send(const std::string& id, Job& job, Instant now, Actions& actions);
  void take_back_queued(Node& node);
  void answer(Jobs::iterator job, protocol::Packet packet, Instant now, Actions& actions);
  void answer_lost(Jobs::iterator job, const std::string& reason, Instant now, Actions& actions);
  void record(const std::string& id, Job& job, const char* name, Instant now,
              std::map<std::string, protocol::FieldValue> fields, Actions& actions);
  Jobs::iterator job_at(NodeIndex node, const std::string& id);
  protocol::Event unexpected(NodeIndex node, const std::string& job, Instant now) const;
  std::string why_no_node() const;

  std::string name_;
  DispatcherBounds bounds_;
  Scheduler scheduler_;
  std::vector<Node> nodes_;
  Jobs jobs_;
  std::unordered_map<ClientId, std::unordered_set<std::string>> jobs_per_client_;
  std::deque<std::string> waiting_;  // ids of jobs without a node, oldest first
  std::uint64_t held_bytes_ = 0;
};

}  // namespace rota::portal
