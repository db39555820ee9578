#include "portal/node_link.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "protocol/conversion.hpp"
#include "protocol/text_rule.hpp"

namespace rota::portal {

using namespace protocol;

namespace {

constexpr std::size_t kMaxRepeatedBytes = 200;  // of a node's words in our messages

}  // namespace

NodeLink::NodeLink(net::Loop& loop, std::string portal_name, std::optional<net::Address> address,
                   NodeLinkEvents events, NodeLinkTimes times)
    : portal_name_(std::move(portal_name)),
      address_(std::move(address)),
      events_(std::move(events)),
      times_(times),
      connector_(loop),
      retry_(loop),
      heartbeat_(loop),
      greeting_(loop),
      pause_(times.first_pause) {}

void NodeLink::start() {
  connect();
}

void NodeLink::send(const Packet& packet) {
  if (up_ && is_known_in(version_, packet)) stream_->send(to_wire(packet, version_));
}

void NodeLink::connect() {
  connector_.connect(
      address_->host, address_->port, times_.connect,
      [this](std::unique_ptr<net::PacketStream> stream, const std::string& problem) {
        if (!stream) return lost("cannot connect: " + problem);
        stream_ = std::move(stream);
        stream_->start(stream_events());
        greet();
      },
      tls_);
}

void NodeLink::take_over(std::unique_ptr<net::PacketStream> stream) {
  if (stream_) lost("it has made a new connection");
  stream_ = std::move(stream);
  stream_->change_owner(stream_events());
  greet();
}

net::StreamEvents NodeLink::stream_events() {
  return {.on_packet = [this](const std::string& json) { received(json); },
          .on_bad_framing = [this](const ProtocolError& error) { lost(error.what()); },
          .on_finished = {},
          .on_drained = {},
          .on_closed = [this](const std::string& reason) { lost("connection lost: " + reason); }};
}

// In the oldest version, which every node can read.
void NodeLink::greet() {
  if (address_) stream_->keep_apart();  // who joins was not chosen by the operator
  Hello hello;
  hello.name = portal_name_;
  stream_->send(to_wire(hello, kOldestVersion));
  greeting_.once(times_.connect, [this] { lost("it accepts connections but does not answer the greeting"); });
}

void NodeLink::received(const std::string& json) {
  try {
    auto packet = from_json(json);
    if (const auto* hello = std::get_if<Hello>(&packet)) return greeted(*hello);
    if (const auto* ping = std::get_if<Ping>(&packet)) return send(Pong{ping->number});
    if (const auto* pong = std::get_if<Pong>(&packet)) return answered(*pong);
    if (const auto* error = std::get_if<Error>(&packet); error != nullptr && !up_)
      return lost("it refused the greeting: " + in_quotes(error->message, kMaxRepeatedBytes));
    if (!up_) throw ProtocolError(ErrorCode::unexpected_packet, "", "the first packet of a node is hello");
    events_.on_packet(std::move(packet));
  } catch (const ProtocolError& error) {
    // A node that does not speak the protocol cannot be trusted with the jobs it has.
    lost(fmt::format("it does not speak the protocol: {} {}: {}", to_text(error.code()), error.where(),
                     error.what()));
  }
}

// A number that was never sent, or was answered before, is no sign of life.
void NodeLink::answered(const Pong& pong) {
  if (pong.number <= last_pong_ || pong.number > pings_) return;
  last_pong_ = pong.number;
  unanswered_beats_ = 0;
}

void NodeLink::greeted(const Hello& hello) {
  if (up_) return;
  up_ = true;
  version_ = common_version(hello);
  last_pong_ = 0;
  pause_ = times_.first_pause;
  greeting_.stop();
  silent_beats_ = unanswered_beats_ = 0;
  heartbeat_.every(times_.heartbeat, [this] { beat(); });
  events_.on_up(hello);
}

// Bytes are what counts, not packets: a large result may take long. So are beats, not time: where this
// process itself has been held up, one beat comes late, and what has arrived meanwhile is read before the
// next.
void NodeLink::beat() {
  const auto heard = stream_->received_bytes();
  silent_beats_ = heard == heard_bytes_ ? silent_beats_ + 1 : 0;
  heard_bytes_ = heard;
  if (silent_beats_ >= times_.silent_beats)
    return lost(fmt::format("no sign of life for {} ms", silent_beats_ * times_.heartbeat.count()));
  if (++unanswered_beats_ > times_.unanswered_beats)
    return lost(
        fmt::format("it answers no ping for {} ms", times_.unanswered_beats * times_.heartbeat.count()));
  send(Ping{++pings_, last_pong_});
}

void NodeLink::lost(const std::string& reason) {
  stream_.reset();
  heartbeat_.stop();
  greeting_.stop();
  up_ = false;
  if (address_) retry_.once(pause_, [this] { connect(); });
  pause_ = std::min(pause_ * 2, times_.longest_pause);
  events_.on_down(reason);
}

}  // namespace rota::portal
