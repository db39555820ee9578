#pragma once
// Results on their way to a peer that takes them more slowly than they are made: what would fill the stream,
// which closes past its bound and with it ends every job of the connection, waits here until there is room.

#include <cstddef>
#include <deque>
#include <string>

#include "net/stream.hpp"
#include "protocol/framing.hpp"

namespace rota::node {

class Outbox {
 public:
  // A stream with more than this has no room. With one more packet of the largest size it stays far enough
  // below its bound for what is sent past the outbox: pongs, events and lines of logs.
  static constexpr std::size_t kRoomBytes = 48 << 20;
  static_assert(kRoomBytes + protocol::kMaxPacketBytes + (8 << 20) <
                net::PacketStream::kDefaultMaxQueuedBytes);

  // stream outlives the outbox. max_bytes bounds what waits.
  Outbox(net::PacketStream& stream, std::size_t max_bytes) : stream_(stream), max_bytes_(max_bytes) {}

  // In order. What would pass max_bytes goes to the stream, which then closes by its own bound.
  void send(std::string wire_bytes);

  // To be called when the stream has sent all it had (StreamEvents::on_drained).
  void send_what_fits();

  bool empty() const { return waiting_.empty(); }

 private:
  net::PacketStream& stream_;
  std::size_t max_bytes_;
  std::deque<std::string> waiting_;
  std::size_t bytes_ = 0;  // of what waits
};

}  // namespace rota::node
