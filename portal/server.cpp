#include "portal/server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <set>
#include <utility>

#include "base/daemon.hpp"
#include "protocol/conversion.hpp"

namespace rota::portal {

using namespace protocol;

namespace {

// How exactly the bounds on waiting (for a node, for a log line's turn) are kept.
constexpr std::chrono::milliseconds kTick{100};

constexpr std::size_t kMaxClients = 10'000;

std::vector<std::string> texts_of(const std::vector<net::Address>& addresses) {
  std::vector<std::string> texts;
  for (const auto& address : addresses) texts.push_back(net::address_text(address.host, address.port));
  return texts;
}

}  // namespace

Server::Server(net::Loop& loop, const Options& options, LineLog& log_file, std::size_t max_clients,
               std::function<void()> on_ready)
    : loop_(loop),
      listener_(std::make_unique<net::Listener>(
          loop, options.listen.host, options.listen.port,
          [this](std::unique_ptr<net::PacketStream> stream) { accepted(std::move(stream)); })),
      name_(options.name.empty() ? net::address_text(host_name(), listener_->port()) : options.name),
      log_(log_file),
      max_clients_(std::min(max_clients, kMaxClients)),
      on_ready_(std::move(on_ready)),
      dispatcher_(name_, options.seed, texts_of(options.nodes)),
      tried_(options.nodes.size(), false),
      tick_(loop) {
  log("portal.started", {{"address", net::address_text(listener_->host(), listener_->port())}});
  for (NodeIndex i = 0; i < options.nodes.size(); ++i) start_link(i, options.nodes[i]);
  tick_.every(kTick, [this] {
    carry_out(dispatcher_.tick(now()));
    carry_out(log_relay_.tick(now()));
  });
}

void Server::start_link(NodeIndex index, const net::Address& address) {
  NodeLinkEvents events;
  events.on_up = [this, index](const Hello& hello) {
    node_up(index, hello);
    node_tried(index);
  };
  events.on_down = [this, index](const std::string& reason) {
    node_down(index, reason);
    node_tried(index);
  };
  events.on_packet = [this, index](Packet packet) { node_packet(index, std::move(packet)); };
  links_.push_back(std::make_unique<NodeLink>(loop_, name_, address, std::move(events)));
  links_.back()->start();
}

void Server::node_tried(NodeIndex index) {
  if (tried_[index]) return;
  tried_[index] = true;
  if (std::find(tried_.begin(), tried_.end(), false) == tried_.end()) on_ready_();
}

void Server::accepted(std::unique_ptr<net::PacketStream> stream) {
  const ClientId id = ++last_client_;
  const bool is_full = clients_.size() >= max_clients_;
  auto& client = clients_[id];
  client.stream = std::move(stream);
  client.stream->start({.on_packet = [this, id](const std::string& json) { client_packet(id, json); },
                        .on_bad_framing =
                            [this, id](const ProtocolError& error) {
                              bad_packet(id, error, "");
                              clients_.at(id).stream->close_after_sending();
                            },
                        .on_finished = [this, id] { client_finished(id); },
                        .on_closed = [this, id](const std::string&) { client_closed(id); }});
  if (is_full) {
    send_to_client(
        id, Error{ErrorCode::busy, "", "", "the portal has as many connections as it takes; try later"});
    client.stream->close_after_sending();
  }
}

void Server::client_packet(ClientId id, const std::string& json) {
  try {
    take(id, from_json(json));
  } catch (const ProtocolError& error) {
    bad_packet(id, error, job_of_bad_packet(json));
  }
}

void Server::bad_packet(ClientId id, const ProtocolError& error, const std::string& job) {
  Client& client = clients_.at(id);
  if (!std::exchange(client.has_erred, true)) {
    log("protocol.error", {{"peer", client.stream->peer()},
                           {"code", std::string(to_text(error.code()))},
                           {"where", error.where()}});
  }
  send_to_client(id, Error{error.code(), job, error.where(), error.what()});
}

void Server::take(ClientId id, Packet packet) {
  if (auto* submit = std::get_if<Submit>(&packet)) {
    carry_out(dispatcher_.submit(id, std::move(*submit), now()));
  } else if (std::holds_alternative<Hello>(packet)) {
    Hello hello;
    hello.name = name_;
    send_to_client(id, hello);
  } else if (const auto* ping = std::get_if<Ping>(&packet)) {
    send_to_client(id, Pong{ping->number});
  } else if (std::holds_alternative<NodesQuery>(packet)) {
    send_to_client(id, dispatcher_.nodes());
  } else if (const auto* query = std::get_if<LogsQuery>(&packet)) {
    carry_out(log_relay_.query(id, *query, dispatcher_.nodes()));
  } else if (const auto* stop = std::get_if<LogsStop>(&packet)) {
    carry_out(log_relay_.stop(id, stop->query, now()));
  } else if (!std::holds_alternative<Pong>(packet)) {
    throw ProtocolError(
        ErrorCode::unexpected_packet, "type",
        "a portal takes hello, submit, logs_query, logs_stop, nodes_query and ping from a client");
  }
}

void Server::client_finished(ClientId id) {
  clients_.at(id).finished = true;
  carry_out(log_relay_.stop_following(id, now()));
  close_if_answered(id);
}

void Server::client_closed(ClientId id) {
  clients_.erase(id);
  dispatcher_.client_gone(id);
  carry_out(log_relay_.client_gone(id));
}

void Server::send_to_client(ClientId id, const Packet& packet) {
  const auto found = clients_.find(id);
  if (found != clients_.end()) found->second.stream->send(to_wire(packet));
}

void Server::close_if_answered(ClientId id) {
  const auto found = clients_.find(id);
  if (found == clients_.end() || !found->second.finished) return;
  if (dispatcher_.jobs_of(id) > 0 || log_relay_.has_queries_of(id)) return;
  found->second.stream->close_after_sending();
}

void Server::node_packet(NodeIndex node, Packet packet) {
  if (auto* result = std::get_if<Result>(&packet)) {
    carry_out(dispatcher_.result(node, std::move(*result), now()));
  } else if (auto* error = std::get_if<Error>(&packet)) {
    node_refused(node, std::move(*error));
  } else if (const auto* live = std::get_if<LiveEvent>(&packet)) {
    carry_out(dispatcher_.live_event(node, live->event));
  } else if (auto* line = std::get_if<LogLine>(&packet)) {
    carry_out(log_relay_.line(node, std::move(*line), now()));
  } else if (const auto* end = std::get_if<LogsEnd>(&packet)) {
    carry_out(log_relay_.end(node, end->query, now()));
  } else {
    throw ProtocolError(ErrorCode::unexpected_packet, "type", "not a packet that a node sends to a portal");
  }
}

void Server::node_refused(NodeIndex node, Error error) {
  if (!log_relay_.knows(error.job)) return carry_out(dispatcher_.refused(node, std::move(error), now()));
  carry_out(log_relay_.refused(node, dispatcher_.name_of(node), error.job, now()));
}

void Server::node_up(NodeIndex node, const Hello& hello) {
  carry_out(dispatcher_.node_up(node, hello, now()));
  carry_out(log_relay_.node_up(node, dispatcher_.name_of(node)));
}

void Server::node_down(NodeIndex node, const std::string& reason) {
  carry_out(dispatcher_.node_down(node, reason, now()));
  carry_out(log_relay_.node_down(node, dispatcher_.name_of(node), now()));
}

void Server::carry_out(Actions actions) {
  std::set<ClientId> answered;
  for (auto& action : actions) {
    if (const auto* to_client = std::get_if<ToClient>(&action)) {
      send_to_client(to_client->client, to_client->packet);
      answered.insert(to_client->client);
    } else if (const auto* to_node = std::get_if<ToNode>(&action)) {
      links_.at(to_node->node)->send(to_node->packet);
    } else {
      log(std::get<ToLog>(action).event);
    }
  }
  for (ClientId id : answered) close_if_answered(id);
}

void Server::log(const Event& event) {
  try {
    log_.append(to_log_line(event));
    log_fails_ = false;
  } catch (const std::system_error& error) {
    // A full disk must not cost anybody an answer. It is told once until it works again.
    if (!std::exchange(log_fails_, true)) std::cerr << "rota-portal: event log: " << error.what() << "\n";
  }
}

void Server::log(const char* event, std::map<std::string, FieldValue> fields) {
  log(Event{now().utc, {}, name_, "", event, std::move(fields)});
}

}  // namespace rota::portal
