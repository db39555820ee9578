#include "portal/server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <utility>

#include "base/daemon.hpp"
#include "portal/entry_files.hpp"
#include "portal/make_store.hpp"
#include "protocol/bounds.hpp"
#include "protocol/conversion.hpp"

namespace rota::portal {

using namespace protocol;

namespace {

// How exactly the bounds on waiting (for a node, for a log line's turn) are kept.
constexpr std::chrono::milliseconds kTick{100};

// How soon a revoked token's connections end, and how exactly strangers are held to their time.
constexpr std::chrono::milliseconds kGateTick{500};

NodeLinkTimes times_of(const Options& options) {
  NodeLinkTimes times;
  times.heartbeat = std::clamp(options.dispatcher.grace / 10, std::chrono::milliseconds(10), times.heartbeat);
  return times;
}

}  // namespace

Server::Server(net::Loop& loop, const Options& options, LineLog& log_file, std::size_t max_clients,
               std::function<void()> on_ready)
    : loop_(loop),
      listener_(std::make_unique<net::Listener>(
          loop, options.listen.host, options.listen.port,
          [this](std::unique_ptr<net::PacketStream> stream) { accepted(std::move(stream)); },
          net::Listener::Start::now, protection_of(options.entry))),
      tokens_(tokens_of(options.entry,
                        [this](const std::string& problem) {
                          log("tokens.failed", {{"message", problem}});
                        })),
      gate_(tokens_.get(), options.entry.require_token, options.entry.gate),
      node_tls_(node_tls_of(options.entry)),
      name_(options.name.empty() ? net::address_text(host_name(), listener_->port()) : options.name),
      log_(log_file),
      max_clients_(std::min(max_clients, kMaxClients)),
      on_ready_(std::move(on_ready)),
      link_times_(times_of(options)),
      store_(make_store(loop, options, name_)),
      dispatcher_(
          name_, options.seed, *store_, now, [this](Action action) { carry_out(std::move(action)); },
          options.dispatcher),
      joined_(places()),
      tick_(loop),
      gate_tick_(loop) {
  refuse_open_door(options.entry, *listener_);
  log("portal.started", {{"address", net::address_text(listener_->host(), listener_->port())}});
  for (const auto& address : options.nodes)
    untried_.insert(add_link(net::address_text(address.host, address.port), address));
  dispatcher_.start([this] { store_opened(); });
  tick_.every(kTick, [this] {
    dispatcher_.tick();
    carry_out(log_relay_.tick(now()));
  });
  gate_tick_.every(kGateTick, [this] { show_out(); });
}

void Server::store_opened() {
  for (const auto& link : links_) link->start();
  if (untried_.empty()) on_ready_();
}

NodeIndex Server::add_link(const std::string& name, std::optional<net::Address> address) {
  const NodeIndex index = dispatcher_.add_node(name);
  links_.push_back(
      std::make_unique<NodeLink>(loop_, name_, std::move(address), link_events(index), link_times_));
  links_.back()->use_tls(node_tls_);
  return index;
}

NodePlaces Server::places() {
  return {
      .add = [this](const std::string& name) -> std::optional<NodeIndex> {
        if (links_.size() >= kMaxNodes) return std::nullopt;
        return add_link(name, std::nullopt);
      },
      .has_left = [this](NodeIndex node) { return dispatcher_.has_left(node); },
      .replace = [this](NodeIndex node, const std::string& name) { dispatcher_.replace_node(node, name); }};
}

NodeLinkEvents Server::link_events(NodeIndex index) {
  NodeLinkEvents events;
  events.on_up = [this, index](const Hello& hello) {
    node_up(index, hello);
    if (hello.session.empty()) node_tried(index);  // of version 1; others say first what they hold
  };
  events.on_down = [this, index](const std::string& reason) {
    node_down(index, reason);
    node_tried(index);
  };
  events.on_packet = [this, index](Packet packet) { node_packet(index, std::move(packet)); };
  return events;
}

void Server::node_tried(NodeIndex index) {
  if (untried_.erase(index) > 0 && untried_.empty()) on_ready_();
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
    return;
  }
  enter(id);
}

void Server::client_packet(ClientId id, const std::string& json) {
  try {
    auto packet = from_json(json, &clients_.at(id).version);
    if (passes(id, packet)) take(id, std::move(packet));
  } catch (const ProtocolError& error) {
    bad_packet(id, error, job_of_bad_packet(json));
    if (gate_.ends_on_bad_packet(id)) clients_.at(id).stream->close_after_sending();
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
  if (take_of_job(id, packet)) return;
  if (std::holds_alternative<Hello>(packet)) {
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
  } else if (const auto* joining = std::get_if<Join>(&packet)) {
    join(id, *joining);
  } else if (const auto* draining = std::get_if<Drain>(&packet)) {
    drain(id, *draining);
  } else if (!std::holds_alternative<Pong>(packet)) {
    throw ProtocolError(
        ErrorCode::unexpected_packet, "type",
        "a portal takes hello, submit, wait, cancel, logs_query, logs_stop, nodes_query, drain and ping "
        "from a client, and join from a node");
  }
}

bool Server::take_of_job(ClientId id, Packet& packet) {
  if (auto* submit = std::get_if<Submit>(&packet)) {
    if (const auto refusal = stdin_blobs_.settle(*submit, peer_of(id).user)) {
      send_to_client(id, *refusal);
    } else {
      dispatcher_.submit(peer_of(id), std::move(*submit));
    }
  } else if (const auto* wait = std::get_if<Wait>(&packet)) {
    dispatcher_.wait(peer_of(id), *wait);
  } else if (const auto* cancel = std::get_if<Cancel>(&packet)) {
    dispatcher_.cancel(peer_of(id), *cancel);
  } else {
    return false;
  }
  return true;
}

// The connection is a node's from now on.
void Server::join(ClientId id, const Join& join) {
  if (!dispatcher_.is_open())
    throw ProtocolError(ErrorCode::busy, "", "the portal has not reached its store yet; try again");
  const NodeIndex node = joined_.enter(join, gate_.identity_of(id));
  auto client = clients_.extract(id);
  dispatcher_.client_gone(id);
  carry_out(log_relay_.client_gone(id));
  links_[node]->take_over(std::move(client.mapped().stream));
  node_entered(node, id);
}

void Server::drain(ClientId id, const Drain& drain) {
  if (!dispatcher_.drain(drain.node, drain.on))
    throw ProtocolError(ErrorCode::unknown_node, "node", "no node of this name; `rota nodes` lists them");
  send_to_client(id, dispatcher_.nodes());
}

Peer Server::peer_of(ClientId id) const {
  const Identity& identity = gate_.identity_of(id);
  return {.client = id, .user = identity.user, .is_admin = identity.role == Role::admin};
}

void Server::client_finished(ClientId id) {
  clients_.at(id).finished = true;
  carry_out(log_relay_.stop_following(id, now()));
  close_if_answered(id);
}

void Server::client_closed(ClientId id) {
  clients_.erase(id);
  gate_.closed(id);
  dispatcher_.client_gone(id);
  carry_out(log_relay_.client_gone(id));
}

void Server::send_to_client(ClientId id, const Packet& packet) {
  const auto found = clients_.find(id);
  if (found != clients_.end()) found->second.stream->send(to_wire(packet, found->second.version));
}

void Server::close_if_answered(ClientId id) {
  const auto found = clients_.find(id);
  if (found == clients_.end() || !found->second.finished) return;
  if (found->second.asked > 0 || dispatcher_.jobs_of(id) > 0 || log_relay_.has_queries_of(id)) return;
  found->second.stream->close_after_sending();
}

void Server::node_packet(NodeIndex node, Packet packet) {
  if (node_packet_of_job(node, packet)) return;
  if (auto* line = std::get_if<LogLine>(&packet)) {
    carry_out(log_relay_.line(node, std::move(*line), now()));
  } else if (const auto* end = std::get_if<LogsEnd>(&packet)) {
    carry_out(log_relay_.end(node, end->query, now()));
  } else if (const auto* drain = std::get_if<Drain>(&packet)) {
    dispatcher_.node_drains(node, drain->on);
  } else if (const auto* tested = std::get_if<SelfTested>(&packet)) {
    dispatcher_.self_tested(node, tested->problem);
  } else {
    throw ProtocolError(ErrorCode::unexpected_packet, "type", "not a packet that a node sends to a portal");
  }
}

bool Server::node_packet_of_job(NodeIndex node, Packet& packet) {
  if (auto* result = std::get_if<Result>(&packet)) {
    dispatcher_.result(node, std::move(*result));
  } else if (auto* error = std::get_if<Error>(&packet)) {
    node_refused(node, std::move(*error));
  } else if (const auto* live = std::get_if<LiveEvent>(&packet)) {
    dispatcher_.live_event(node, live->event);
  } else if (const auto* holdings = std::get_if<Holdings>(&packet)) {
    dispatcher_.holdings(node, *holdings);
    node_tried(node);
  } else {
    return false;
  }
  return true;
}

void Server::node_refused(NodeIndex node, Error error) {
  if (!log_relay_.knows(error.job)) return dispatcher_.refused(node, error);
  carry_out(log_relay_.refused(node, dispatcher_.name_of(node), error.job, now()));
}

void Server::node_up(NodeIndex node, const Hello& hello) {
  const std::string* joined_as = joined_.name_of(node);
  if (joined_as != nullptr && *joined_as != hello.name)
    return links_[node]->drop("it joined under one name and greets by another");
  dispatcher_.node_up(node, hello);
  carry_out(log_relay_.node_up(node, dispatcher_.name_of(node)));
}

void Server::node_down(NodeIndex node, const std::string& reason) {
  node_left(node);
  dispatcher_.node_down(node, reason);
  carry_out(log_relay_.node_down(node, dispatcher_.name_of(node), now()));
}

void Server::carry_out(Actions actions) {
  for (auto& action : actions) carry_out(std::move(action));
}

void Server::carry_out(Action action) {
  if (const auto* to_client = std::get_if<ToClient>(&action)) {
    send_to_client(to_client->client, to_client->packet);
    close_if_answered(to_client->client);
  } else if (const auto* answer = std::get_if<AnswerToClient>(&action)) {
    send_to_client(answer->client, *answer->packet);
    close_if_answered(answer->client);
  } else if (const auto* to_node = std::get_if<ToNode>(&action)) {
    links_.at(to_node->node)->send(to_node->packet);
  } else {
    log(std::get<ToLog>(action).event);
  }
}

// The lines of one turn of the loop go out together: a write(2) for each would be a third of what a job costs.
void Server::log(const Event& event) {
  keep_log([&] {
    if (log_.gather(to_log_line(event))) loop_.turn_end().call([this] { flush_log(); });
  });
}

void Server::flush_log() {
  keep_log([this] {
    log_.flush();
    log_fails_ = false;
  });
}

// A full disk must not cost anybody an answer. It is told once until it works again.
template <typename Work>
void Server::keep_log(Work&& work) {
  try {
    work();
  } catch (const std::system_error& error) {
    if (!std::exchange(log_fails_, true)) std::cerr << "rota-portal: event log: " << error.what() << "\n";
  }
}

void Server::log(const char* event, std::map<std::string, FieldValue> fields) {
  log(Event{now().utc, {}, name_, "", event, std::move(fields)});
}

}  // namespace rota::portal
