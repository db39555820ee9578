#include "judge-node/joiner.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <utility>

#include "protocol/text_rule.hpp"

namespace rota::node {
namespace {

std::string text_of(const net::Address& address) {
  return net::address_text(address.host, address.port);
}

constexpr protocol::TextRule kOneLine{1024};  // a portal's words may be anything

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
  fmt::print(stderr, "rota-node: {} has joined the portal {}\n", log_.host(), text_of(portal()));
}

void Joiner::drop(const std::string& reason) {
  server_.drop(connection_);
  lost(reason);
}

void Joiner::lost(const std::string& reason) {
  greeting_.stop();
  tell_loss(reason);
  if (stopped_) return;
  ++next_;
  retry_.once(pauses_.next(std::uniform_real_distribution<>()(random_)), [this] { connect(); });
}

// Not with each try: a portal may be away for days.
void Joiner::tell_loss(const std::string& reason) {
  const std::string address = text_of(portal());
  if (std::exchange(failing_[address], reason) == reason) return;
  log_.note("portal.lost", {{"address", address}, {"reason", reason}});
  fmt::print(stderr, "rota-node: the portal {}: {}; trying again\n", address,
             protocol::fitted(reason, kOneLine));
}

}  // namespace rota::node
