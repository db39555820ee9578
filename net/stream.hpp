#pragma once
// A TCP connection that carries packets, in TLS or plain. With TLS the end of a direction is its close_notify, which may
// come from each side on its own as TCP's FIN may; a FIN without one is a connection that somebody has cut off.

#include <cstddef>
#include <cstdint>
#include <deque>
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

class TlsLayer;

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

  // More than so many bytes of small packets do not wait for the turn's end.
  static constexpr std::size_t kMaxGatheredBytes = 64 << 10;

  // How long the TLS handshake may take, from start() or secure() on.
  static constexpr std::chrono::seconds kHandshakeTime{5};

  // Takes over a connected handle. tls: null for a plain connection.
  PacketStream(Loop& loop, HandlePtr<uv_tcp_t> socket, std::unique_ptr<TlsLayer> tls = nullptr,
               std::size_t max_queued_bytes = kDefaultMaxQueuedBytes);
  ~PacketStream();
  PacketStream(const PacketStream&) = delete;
  PacketStream& operator=(const PacketStream&) = delete;

  // What it keeps does not count with the others' (StreamMemory): for the few peers that the operator has
  // chosen.
  void keep_apart() { is_apart_ = true; }

  // Shakes hands, before start(), for those who want to know how it went: problem is empty, or says why there is no TLS
  // with this peer, and the stream has closed. Nothing is read from then on until start(). Without it the handshake is
  // made after start(), and ends in on_closed where it fails. A client's peer may still refuse its certificate: TLS 1.3
  // servers look at it after the client has finished.
  void secure(std::function<void(const std::string& problem)> done);

  // Begins reading, or goes on with other callbacks after pause().
  void start(StreamEvents events);

  // Whoever owns the stream from now on hears of it instead, also of packets that have come already. After start().
  void change_owner(StreamEvents events) { events_ = std::make_shared<StreamEvents>(std::move(events)); }

  // Nothing is read and nothing handed out until start() is called again: the stream changes its owner.
  void pause();

  // Of packets that come from now on; a peer that has not said who it is needs none of 64 MiB.
  void set_max_packet_bytes(std::size_t bytes) { decoder_.set_max_packet_bytes(bytes); }

  // Queues json + EOT bytes (protocol::to_wire); the packets of one turn of the loop go out together at its end. When the
  // peer is so slow that more than max_queued_bytes wait, the stream closes instead. Does nothing on a stream that is closed
  // or closing.
  void send(std::string wire_bytes);

  // Sends what is queued, tells the peer that this was all, and closes when the peer has closed too, or has
  // taken nothing for kLinger. What still comes in is thrown away: closing at once would reset the connection
  // and could take from the peer what it has not read yet.
  void close_after_sending();

  bool is_open() const { return socket_ != nullptr && !closing_; }
  std::size_t queued_bytes() const { return queued_bytes_; }
  std::uint64_t received_bytes() const { return received_bytes_; }  // until now: a sign of life
  const std::string& peer() const { return peer_; }                 // "host:port"
  const std::string& peer_host() const { return peer_host_; }       // its IP address
  bool peer_is_loopback() const { return is_loopback(peer_host_); }
  bool has_tls() const { return tls_ != nullptr; }

 private:
  struct Write;
  struct Secure;
  static void on_allocate(uv_handle_t* handle, std::size_t suggested, uv_buf_t* buffer);
  static void on_read(uv_stream_t* handle, ssize_t count, const uv_buf_t* buffer);
  static void on_written(uv_write_t* request, int status);
  uv_stream_t* raw() { return reinterpret_cast<uv_stream_t*>(socket_.get()); }
  void received(std::string_view bytes);
  void flush();
  void write(std::string bytes);
  bool write_at_once(std::string& bytes);
  void decrypt(std::string_view bytes);
  void became_secure();
  void wait_for_handshake();
  void encrypt(std::string_view plain);
  void flush_tls();
  void tls_failed(const std::string& reason);
  void tell_in_plain();
  bool send_tls_end();
  void hand_out_packets();
  void all_handed_out();
  void rest_for_a_turn();
  void read_on();
  void peer_finished();
  void written(std::size_t bytes, int status);
  void send_end();
  void linger();
  void account();
  void fail(const std::string& reason);
  void fail_next_turn(std::string reason);
  void let_go(const std::string& reason);

  Loop& loop_;
  HandlePtr<uv_tcp_t> socket_;
  Timer linger_;
  Timer turn_;  // hands out what one turn has left over
  // Points to null once this object is destroyed, for writes in flight and callbacks that run.
  std::shared_ptr<PacketStream*> self_;
  protocol::PacketDecoder decoder_;
  std::shared_ptr<StreamEvents> events_ = std::make_shared<StreamEvents>();  // shared with a running callback
  std::string peer_;
  std::string peer_host_;
  std::unique_ptr<Secure> tls_;  // null: plain
  std::size_t max_queued_bytes_;
  std::string gathered_;          // until the turn's end
  std::deque<Write*> writes_;     // in flight, libuv owns them
  std::size_t queued_bytes_ = 0;  // of all that has not been handed to the kernel
  std::uint64_t received_bytes_ = 0;
  bool is_apart_ = false;
  bool paused_ = false;         // see pause()
  bool resting_ = false;        // not reading until the packets that are here have been handed out
  bool ended_ = false;          // on_closed has been called
  bool closing_ = false;        // nothing more is taken from our side
  bool peer_finished_ = false;  // nothing more comes from the peer
};

}  // namespace rota::net
