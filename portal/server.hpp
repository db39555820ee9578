#pragma once
// The portal's sockets: clients on one side, the links to the nodes on the other. What is to be done with a
// packet is decided by the dispatcher and the log relay; this file carries it out.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/line_log.hpp"
#include "net/listener.hpp"
#include "net/timer.hpp"
#include "portal/dispatcher.hpp"
#include "portal/gate.hpp"
#include "portal/joined_names.hpp"
#include "portal/log_relay.hpp"
#include "portal/node_link.hpp"
#include "portal/options.hpp"
#include "portal/store.hpp"
#include "protocol/stdin_blobs.hpp"

namespace rota::portal {

class Server {
 public:
  // Clients are accepted at once, at most max_clients (and kMaxClients) at a time; on_ready is called when each
  // node has been tried once, so that a submission that comes then finds every node that is there.
  static constexpr std::size_t kMaxClients = 20'000;
  Server(net::Loop& loop, const Options& options, LineLog& log, std::size_t max_clients,
         std::function<void()> on_ready);

  const net::Listener& listener() const { return *listener_; }

 private:
  struct Client {
    std::unique_ptr<net::PacketStream> stream;
    int version = protocol::kOldestVersion;  // that it speaks, as its last packet says
    int asked = 0;                           // questions to the store whose answers decide on its packets
    bool finished = false;                   // it sends no more; close when everything is answered
    bool has_erred = false;                  // what it sends may be no packets at all; logged once
  };

  void store_opened();
  NodeIndex add_link(const std::string& name, std::optional<net::Address> address);
  NodePlaces places();
  NodeLinkEvents link_events(NodeIndex index);
  void node_tried(NodeIndex index);

  void accepted(std::unique_ptr<net::PacketStream> stream);
  // What the gate has to say; server_gate.cpp.
  void enter(ClientId id);
  bool passes(ClientId id, const protocol::Packet& packet);
  void query_logs_of_own_job(ClientId id, const protocol::LogsQuery& query);
  void show_out();
  void node_entered(NodeIndex node, ClientId id);
  void node_left(NodeIndex node);

  void bad_packet(ClientId id, const protocol::ProtocolError& error, const std::string& job);
  void client_packet(ClientId id, const std::string& json);
  void take(ClientId id, protocol::Packet packet);
  bool take_of_job(ClientId id, protocol::Packet& packet);
  void join(ClientId id, const protocol::Join& join);
  void drain(ClientId id, const protocol::Drain& drain);
  Peer peer_of(ClientId id) const;
  void client_finished(ClientId id);
  void client_closed(ClientId id);
  void send_to_client(ClientId id, const protocol::Packet& packet);
  void close_if_answered(ClientId id);

  void node_packet(NodeIndex node, protocol::Packet packet);
  bool node_packet_of_job(NodeIndex node, protocol::Packet& packet);
  void node_refused(NodeIndex node, protocol::Error error);
  void node_up(NodeIndex node, const protocol::Hello& hello);
  void node_down(NodeIndex node, const std::string& reason);

  void carry_out(Actions actions);
  void carry_out(Action action);
  void log(const protocol::Event& event);
  void flush_log();
  template <typename Work>
  void keep_log(Work&& work);
  void log(const char* name, std::map<std::string, protocol::FieldValue> fields);

  net::Loop& loop_;
  std::unique_ptr<net::Listener> listener_;
  std::unique_ptr<Tokens> tokens_;  // null: nobody is asked for one
  Gate gate_;
  std::shared_ptr<const net::TlsContext> node_tls_;  // for nodes on the command line; null: plain
  std::string name_;
  LineLog& log_;
  bool log_fails_ = false;
  std::size_t max_clients_;
  std::function<void()> on_ready_;
  NodeLinkTimes link_times_;
  std::unique_ptr<Store> store_;
  Dispatcher dispatcher_;
  LogRelay log_relay_;
  protocol::StdinBlobs stdin_blobs_;
  std::unordered_map<ClientId, Client> clients_;
  ClientId last_client_ = 0;
  std::vector<std::unique_ptr<NodeLink>> links_;
  JoinedNames joined_;
  std::map<NodeIndex, ClientId>
      entered_;                  // of nodes that are here by themselves: under which number at the gate
  std::set<NodeIndex> untried_;  // of those on the command line
  net::Timer tick_;
  net::Timer gate_tick_;
};

}  // namespace rota::portal
