#pragma once
// A TCP connection that carries packets.

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "net/handle.hpp"
#include "net/loop.hpp"
#include "protocol/framing.hpp"

namespace rota::net {

// Callbacks of a PacketStream. Any of them may destroy the stream.
struct StreamEvents {
  // One whole packet's JSON text.
  std::function<void(std::string json)> on_packet;
  // Called once: the peer closed, the transport failed, or the peer did not take our packets within the bound.
  // Not called after close() or destruction.
  std::function<void(const std::string& reason)> on_closed;
};

class PacketStream {
 public:
  // Takes over a connected handle.
  PacketStream(Loop& loop, HandlePtr<uv_tcp_t> socket, std::size_t max_queued_bytes = kDefaultMaxQueuedBytes);
  ~PacketStream();
  PacketStream(const PacketStream&) = delete;
  PacketStream& operator=(const PacketStream&) = delete;

  // Begins reading.
  void start(StreamEvents events);

  // Queues json + EOT bytes (protocol::to_wire). When the peer is so slow that more than max_queued_bytes wait, the
  // stream closes instead. Does nothing on a closed stream.
  void send(std::string wire_bytes);

  // Reads nothing more; closes once what was queued has been written (or after a bound of 5 s).
  void close_after_sending();

  bool is_open() const { return socket_ != nullptr; }
  std::size_t queued_bytes() const { return queued_bytes_; }
  const std::string& peer() const { return peer_; }

  // Two of the largest packets.
  static constexpr std::size_t kDefaultMaxQueuedBytes = 2 * protocol::kMaxPacketBytes + 2;

 private:
  struct Write;
  static void on_allocate(uv_handle_t* handle, std::size_t suggested, uv_buf_t* buffer);
  static void on_read(uv_stream_t* handle, ssize_t count, const uv_buf_t* buffer);
  static void on_written(uv_write_t* request, int status);
  void received(std::string_view bytes);
  void deliver_packets();
  void fail(const std::string& reason);

  Loop& loop_;
  HandlePtr<uv_tcp_t> socket_;
  HandlePtr<uv_timer_t> linger_;
  std::shared_ptr<PacketStream*> self_;  // null pointee once destroyed: callbacks in flight see it
  protocol::PacketDecoder decoder_;
  StreamEvents events_;
  std::string peer_;
  std::size_t max_queued_bytes_;
  std::size_t queued_bytes_ = 0;
  bool closing_ = false;
};

}  // namespace rota::net
