#include "judge-node/joiner.hpp"

#include <utility>

namespace rota::node {
namespace {

std::string text_of(const net::Address& address) {
  return net::address_text(address.host, address.port);
}

}  // namespace

Joiner::Joiner(net::Loop& loop, Server& server, EventLog& log, std::vector<net::Address> portals,
               std::string session, net::Credentials credentials)
    : server_(server),
      log_(log),
      session_(std::move(session)),
      portals_(std::move(portals)),
      credentials_(std::move(credentials)),
      entry_(loop),
      greeting_(loop),
      retry_(loop) {}

void Joiner::stop() {
  stopped_ = true;
  entry_.cancel();
  retry_.stop();
}

void Joiner::connect() {
  entry_.come_in(portal().host, portal().port, kConnectTimeout, credentials_,
                 [this](std::unique_ptr<net::PacketStream> stream, const net::Entry::Problem& problem) {
                   if (stream) return connected(std::move(stream));
                   lost("cannot connect: " + problem.text);
                 });
}

void Joiner::connected(std::unique_ptr<net::PacketStream> stream) {
  stream->keep_apart();
  connection_ =
      server_.serve(std::move(stream), introduction(),
                    {.on_gone = [this] { lost("the connection has ended"); },
                     .on_greeted = [this] { greeted(); },
                     .on_refused = [this](const std::string& message) { drop("it refuses: " + message); }});
  greeting_.once(kGreetingTimeout, [this] { drop("it does not say hello"); });
}

std::vector<protocol::Packet> Joiner::introduction() const {
  return {protocol::Join{log_.host(), session_}};
}

void Joiner::greeted() {
  greeting_.stop();
  pauses_.reset();
  failing_.clear();
  log_.note("portal.joined", {{"address", text_of(portal())}});
}

void Joiner::drop(const std::string& reason) {
  server_.drop(connection_);
  lost(reason);
}

void Joiner::lost(const std::string& reason) {
  greeting_.stop();
  if (failing_.insert(text_of(portal())).second)
    log_.note("portal.lost", {{"address", text_of(portal())}, {"reason", reason}});
  if (stopped_) return;
  ++next_;
  retry_.once(pauses_.next(std::uniform_real_distribution<>()(random_)), [this] { connect(); });
}

}  // namespace rota::node
