#pragma once
// A peer of the client, for tests that say packet by packet how it behaves.

#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "net/listener.hpp"
#include "protocol/conversion.hpp"

namespace rota::client {

using protocol::Packet;

// A peer on loopback whose behaviour a test writes down packet by packet.
class Peer {
 public:
  using Reaction = std::function<void(net::PacketStream& stream, const Packet& packet)>;

  Peer(net::Loop& loop, Reaction reaction)
      : reaction_(std::move(reaction)),
        listener_(loop, "127.0.0.1", 0, [this](auto stream) { accept(std::move(stream)); }) {}

  net::Address address() const { return {listener_.host(), listener_.port()}; }

 private:
  void accept(std::unique_ptr<net::PacketStream> stream) {
    auto& kept = *streams_.emplace_back(std::move(stream));
    kept.start({.on_packet = [this, &kept](const std::string& json) {
      reaction_(kept, protocol::from_json(json));
    }});
  }

  Reaction reaction_;
  std::deque<std::unique_ptr<net::PacketStream>> streams_;
  net::Listener listener_;
};

inline void send(net::PacketStream& stream, const Packet& packet) {
  stream.send(protocol::to_wire(packet));
}

inline protocol::Submit some_job() {
  protocol::Submit submit;
  submit.file_name = "a.c";
  submit.source = "int main() {}";
  return submit;
}

inline protocol::Result result_of(const std::string& job) {
  protocol::Result result;
  result.job = job;
  result.verdict = protocol::Verdict::AC;
  result.returncode = 0;
  return result;
}

}  // namespace rota::client
