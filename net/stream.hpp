#pragma once
// A TCP connection that carries packets.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "net/handle.hpp"
#include "net/loop.hpp"
#include "net/timer.hpp"
#include "protocol/error.hpp"
#include "protocol/framing.hpp"

namespace rota::net {

// Callbacks of a PacketStream. Each of them may destroy the stream.
struct StreamEvents {
  // One whole packet's JSON text.
  std::function<void(std::string json)> on_packet;
  // A packet passed its bound, so the stream of packets is lost; nothing more is read. The owner says so to
  // the peer and calls close_after_sending(). Unset: the stream closes.
  std::function<void(const protocol::ProtocolError& error)> on_bad_framing;
  // The peer sends no more, but may still read (a half-closed connection, as `nc -N` makes): the owner
  // answers what is open and then calls close_after_sending(). Unset: the stream closes.
  std::function<void()> on_finished;
  // Everything that was queued has been handed to the kernel. Unset: nobody waits for it.
  std::function<void()> on_drained;
  // The connection has ended: by the peer, by a failure, because the peer took our packets too slowly,
  // because it kept most where all together kept too much (StreamMemory), or after close_after_sending().
  // Called at most once; never from within send(), never after destruction.
  std::function<void(const std::string& reason)> on_closed;
};

class PacketStream {
 public:
  // Two of the largest packets.
  static constexpr std::size_t kDefaultMaxQueuedBytes = 2 * (protocol::kMaxPacketBytes + 1);

  // How long a peer may take nothing of what is still queued when the stream closes.
  static constexpr std::chrono::seconds kLinger{5};

  // Packets handed out in one turn of the loop; more wait for the next, so that a peer that sends many small
  // ones does not keep others waiting.
  static constexpr int kPacketsPerTurn = 32;

  // Takes over a connected handle.
  PacketStream(Loop& loop, HandlePtr<uv_tcp_t> socket, std::size_t max_queued_bytes = kDefaultMaxQueuedBytes);
  ~PacketStream();
  PacketStream(const PacketStream&) = delete;
  PacketStream& operator=(const PacketStream&) = delete;

  // What it keeps does not count with the others' (StreamMemory): for the few peers that the operator has
  // chosen.
  void keep_apart() { is_apart_ = true; }

  // Begins reading.
  void start(StreamEvents events);

  // Whoever owns the stream from now on hears of it instead, also of packets that have come already. After start().
  void change_owner(StreamEvents events) { events_ = std::make_shared<StreamEvents>(std::move(events)); }

  // Queues json + EOT bytes (protocol::to_wire). When the peer is so slow that more than max_queued_bytes
  // wait, the stream closes instead. Does nothing on a stream that is closed or closing.
  void send(std::string wire_bytes);

  // Sends what is queued, tells the peer that this was all, and closes when the peer has closed too, or has
  // taken nothing for kLinger. What still comes in is thrown away: closing at once would reset the connection
  // and could take from the peer what it has not read yet.
  void close_after_sending();

  bool is_open() const { return socket_ != nullptr && !closing_; }
  std::size_t queued_bytes() const { return queued_bytes_; }
  std::uint64_t received_bytes() const { return received_bytes_; }  // until now: a sign of life
  const std::string& peer() const { return peer_; }                 // "host:port"

 private:
  struct Write;
  static void on_allocate(uv_handle_t* handle, std::size_t suggested, uv_buf_t* buffer);
  static void on_read(uv_stream_t* handle, ssize_t count, const uv_buf_t* buffer);
  static void on_written(uv_write_t* request, int status);
  uv_stream_t* raw() { return reinterpret_cast<uv_stream_t*>(socket_.get()); }
  void received(std::string_view bytes);
  void hand_out_packets();
  void rest_for_a_turn();
  void read_on();
  void peer_finished();
  void written(std::size_t bytes, int status);
  void send_end();
  void linger();
  void account();
  void fail(const std::string& reason);
  void fail_next_turn(std::string reason);

  Loop& loop_;
  HandlePtr<uv_tcp_t> socket_;
  Timer linger_;
  Timer turn_;  // hands out what one turn has left over
  // Points to null once this object is destroyed, for writes in flight and callbacks that run.
  std::shared_ptr<PacketStream*> self_;
  protocol::PacketDecoder decoder_;
  std::shared_ptr<StreamEvents> events_ = std::make_shared<StreamEvents>();  // shared with a running callback
  std::string peer_;
  std::size_t max_queued_bytes_;
  std::size_t queued_bytes_ = 0;
  std::uint64_t received_bytes_ = 0;
  bool is_apart_ = false;
  bool resting_ = false;        // not reading until the packets that are here have been handed out
  bool closing_ = false;        // nothing more is taken from our side
  bool peer_finished_ = false;  // nothing more comes from the peer
};

}  // namespace rota::net
