#pragma once
// The portal's sockets: clients on one side, the links to the nodes on the other. What is to be done with a
// packet is decided by the dispatcher and the log relay; this file carries it out.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/line_log.hpp"
#include "net/listener.hpp"
#include "net/timer.hpp"
#include "portal/dispatcher.hpp"
#include "portal/log_relay.hpp"
#include "portal/node_link.hpp"
#include "portal/options.hpp"

namespace rota::portal {

class Server {
 public:
  // Clients are accepted at once, at most max_clients (and 10,000) at a time; on_ready is called when each
  // node has been tried once, so that a submission that comes then finds every node that is there.
  Server(net::Loop& loop, const Options& options, LineLog& log, std::size_t max_clients,
         std::function<void()> on_ready);

  const net::Listener& listener() const { return *listener_; }

 private:
  struct Client {
    std::unique_ptr<net::PacketStream> stream;
    bool finished = false;   // it sends no more; close when everything is answered
    bool has_erred = false;  // what it sends may be no packets at all; logged once
  };

  void start_link(NodeIndex index, const net::Address& address);
  void node_tried(NodeIndex index);

  void accepted(std::unique_ptr<net::PacketStream> stream);
  void bad_packet(ClientId id, const protocol::ProtocolError& error, const std::string& job);
  void client_packet(ClientId id, const std::string& json);
  void take(ClientId id, protocol::Packet packet);
  void client_finished(ClientId id);
  void client_closed(ClientId id);
  void send_to_client(ClientId id, const protocol::Packet& packet);
  void close_if_answered(ClientId id);

  void node_packet(NodeIndex node, protocol::Packet packet);
  void node_refused(NodeIndex node, protocol::Error error);
  void node_up(NodeIndex node, const protocol::Hello& hello);
  void node_down(NodeIndex node, const std::string& reason);

  void carry_out(Actions actions);
  void log(const protocol::Event& event);
  void log(const char* name, std::map<std::string, protocol::FieldValue> fields);

  net::Loop& loop_;
  std::unique_ptr<net::Listener> listener_;
  std::string name_;
  LineLog& log_;
  bool log_fails_ = false;
  std::size_t max_clients_;
  std::function<void()> on_ready_;
  Dispatcher dispatcher_;
  LogRelay log_relay_;
  std::map<ClientId, Client> clients_;
  ClientId last_client_ = 0;
  std::vector<std::unique_ptr<NodeLink>> links_;
  std::vector<bool> tried_;
  net::Timer tick_;
};

}  // namespace rota::portal
