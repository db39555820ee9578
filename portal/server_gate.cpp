// The server's doorkeeping: what the gate decides is carried out here.

#include "portal/server.hpp"
#include "protocol/bounds.hpp"
#include "protocol/framing.hpp"

namespace rota::portal {

using namespace protocol;

void Server::enter(ClientId id) {
  net::PacketStream& stream = *clients_.at(id).stream;
  const Visitor visitor{stream.peer_host(), stream.peer_is_loopback(), stream.has_tls()};
  const auto refusal = gate_.opened(id, visitor, now());
  if (const auto oldest = gate_.one_too_many()) client_closed(*oldest);
  if (gate_.is_stranger(id)) stream.set_max_packet_bytes(Gate::kStrangersPacketBytes);
  if (!refusal) return;
  // A handshake costs us more than it costs a flood, so with TLS there are no words for it.
  if (visitor.has_tls) return client_closed(id);
  send_to_client(id, *refusal);
  stream.close_after_sending();
}

bool Server::passes(ClientId id, const Packet& packet) {
  using Course = Gate::Decision::Course;
  const auto decision = gate_.decide(id, packet, now());
  net::PacketStream& stream = *clients_.at(id).stream;
  if (!decision.failure.empty())
    log("authentication.failed", {{"peer", stream.peer()}, {"reason", decision.failure}});
  if (decision.course == Course::take) return true;
  if (decision.course == Course::take_of_own_job) query_logs_of_own_job(id, std::get<LogsQuery>(packet));
  if (decision.answer) send_to_client(id, *decision.answer);
  if (!gate_.is_stranger(id)) stream.set_max_packet_bytes(kMaxPacketBytes);
  if (decision.course == Course::answer_and_close) stream.close_after_sending();
  return false;
}

void Server::query_logs_of_own_job(ClientId id, const LogsQuery& query) {
  ++clients_.at(id).asked;
  store_->find(query.job, [this, id, query](const std::optional<Found>& found) {
    const auto client = clients_.find(id);
    if (client == clients_.end()) return;
    --client->second.asked;
    if (found && found->info.user == gate_.identity_of(id).user)
      return carry_out(log_relay_.query(id, query, dispatcher_.nodes()));
    Error error;
    error.code = ErrorCode::unknown_job;
    error.job = query.query;
    error.message = "no job of yours has this id";
    send_to_client(id, error);
    close_if_answered(id);
  });
}

void Server::show_out() {
  for (const auto& [id, error] : gate_.leaving(now())) {
    if (const auto client = clients_.find(id); client != clients_.end()) {
      send_to_client(id, error);
      client->second.stream->close_after_sending();
    }
    for (const auto& [node, entered] : std::map(entered_)) {
      if (entered == id) links_.at(node)->drop(error.message);
    }
  }
}

void Server::node_entered(NodeIndex node, ClientId id) {
  entered_[node] = id;
}

void Server::node_left(NodeIndex node) {
  const auto found = entered_.find(node);
  if (found == entered_.end()) return;
  gate_.closed(found->second);
  entered_.erase(found);
}

}  // namespace rota::portal
