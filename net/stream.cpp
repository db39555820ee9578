#include "net/stream.hpp"

#include <array>
#include <utility>

#include "net/stream_secure.hpp"

namespace rota::net {
namespace {

// After so long without a byte the kernel asks whether the peer is still there (tcp(7), TCP_KEEPIDLE), so
// that one that vanished without a word does not hold its place for ever.
constexpr unsigned kKeepAliveSeconds = 60;

Address peer_of(const uv_tcp_t* socket) {
  sockaddr_storage storage{};
  int size = sizeof storage;
  auto* address = reinterpret_cast<sockaddr*>(&storage);
  if (uv_tcp_getpeername(socket, address, &size) < 0) return {"unknown peer", 0};
  std::array<char, INET6_ADDRSTRLEN> host{};
  uv_ip_name(address, host.data(), host.size());
  // Both families keep the port at the same place (netinet/in.h).
  return {host.data(), ntohs(reinterpret_cast<sockaddr_in*>(address)->sin_port)};
}

}  // namespace

// Bytes on their way out; frees itself when libuv is done with it.
struct PacketStream::Write {
  uv_write_t request{};
  std::string bytes;
  std::shared_ptr<PacketStream*> owner;
};

PacketStream::PacketStream(Loop& loop, HandlePtr<uv_tcp_t> socket, std::unique_ptr<TlsLayer> tls,
                           std::size_t max_queued_bytes)
    : loop_(loop),
      socket_(std::move(socket)),
      linger_(loop),
      turn_(loop),
      self_(std::make_shared<PacketStream*>(this)),
      max_queued_bytes_(max_queued_bytes) {
  const Address peer = peer_of(socket_.get());
  peer_ = address_text(peer.host, peer.port);
  peer_host_ = peer.host;
  if (tls) tls_ = std::make_unique<Secure>(loop, std::move(tls));
  socket_->data = this;
  uv_tcp_nodelay(socket_.get(), 1);
  uv_tcp_keepalive(socket_.get(), 1, kKeepAliveSeconds);
}

PacketStream::~PacketStream() {
  flush();
  *self_ = nullptr;
  loop_.stream_memory().set(this, 0);
}

void PacketStream::start(StreamEvents events) {
  events_ = std::make_shared<StreamEvents>(std::move(events));  // those before may be running
  paused_ = false;
  if (socket_ == nullptr) return;
  check_uv(uv_read_start(raw(), on_allocate, on_read), "read from " + peer_);
  if (decoder_.pending_bytes() > 0 || (tls_ && tls_->layer->peer_has_finished())) rest_for_a_turn();
  if (tls_ && !tls_->layer->is_established()) wait_for_handshake();
}

void PacketStream::pause() {
  paused_ = true;
  resting_ = false;
  turn_.stop();
  if (socket_ != nullptr) uv_read_stop(raw());
}

void PacketStream::send(std::string wire_bytes) {
  if (!is_open()) return;
  if (queued_bytes_ + wire_bytes.size() > max_queued_bytes_) {
    fail_next_turn("the peer does not take its packets: more than " + std::to_string(max_queued_bytes_) +
                   " bytes are waiting for it");
    return;
  }
  queued_bytes_ += wire_bytes.size();
  if (!gathered_.empty()) {
    gathered_ += wire_bytes;
  } else {
    gathered_ = std::move(wire_bytes);
    loop_.turn_end().call([self = self_] {
      if (*self != nullptr) (*self)->flush();
    });
  }
  if (gathered_.size() > kMaxGatheredBytes) flush();
}

// A write(2) costs more than making a small packet does.
void PacketStream::flush() {
  std::string bytes = std::exchange(gathered_, {});
  queued_bytes_ -= bytes.size();
  if (bytes.empty() || socket_ == nullptr) return;
  if (tls_) return encrypt(bytes);
  write(std::move(bytes));
}

void PacketStream::write(std::string bytes) {
  if (write_at_once(bytes)) return;
  auto write = std::make_unique<Write>();
  write->bytes = std::move(bytes);
  write->owner = self_;
  write->request.data = write.get();
  const uv_buf_t buffer = uv_buf_init(write->bytes.data(), static_cast<unsigned>(write->bytes.size()));
  const int code = uv_write(&write->request, raw(), &buffer, 1, on_written);
  if (code < 0) return fail_next_turn(uv_strerror(code));
  queued_bytes_ += write->bytes.size();
  writes_.push_back(write.release());  // on_written frees it
  account();
}

// What the socket takes goes without a request, which would cost the loop another turn. False: the bytes that are left have
// to wait; what is wrong with the socket, if anything, is told to whoever waits.
bool PacketStream::write_at_once(std::string& bytes) {
  if (closing_ || !writes_.empty()) return false;
  const uv_buf_t buffer = uv_buf_init(bytes.data(), static_cast<unsigned>(bytes.size()));
  const int count = uv_try_write(raw(), &buffer, 1);
  if (count <= 0) return false;
  bytes.erase(0, static_cast<std::size_t>(count));
  if (!bytes.empty()) return false;
  account();
  if (events_ != nullptr && events_->on_drained) {
    loop_.turn_end().call([self = self_] {
      if (*self != nullptr) (*self)->written(0, 0);
    });
  }
  return true;
}

void PacketStream::close_after_sending() {
  if (!is_open()) return;
  closing_ = true;
  read_on();  // to see the peer's end
  flush();
  linger();
  if (queued_bytes_ == 0) send_end();
}

// A peer that goes on taking its packets, however slowly, gets them all.
void PacketStream::linger() {
  linger_.once(kLinger, [this, left = uv_stream_get_write_queue_size(raw())] {
    if (uv_stream_get_write_queue_size(raw()) < left) return linger();
    fail("the peer did not close in time");
  });
}

void PacketStream::on_allocate(uv_handle_t* handle, std::size_t, uv_buf_t* buffer) {
  auto* self = static_cast<PacketStream*>(handle->data);
  *buffer = self == nullptr ? uv_buf_init(nullptr, 0) : self->loop_.read_buffer();
}

void PacketStream::on_read(uv_stream_t* handle, ssize_t count, const uv_buf_t* buffer) {
  auto* self = static_cast<PacketStream*>(handle->data);
  if (self == nullptr || count == 0) return;
  self->loop_.guard([&] {
    if (count > 0) return self->received({buffer->base, static_cast<std::size_t>(count)});
    if (count == UV_EOF) return self->peer_finished();
    self->fail(uv_strerror(static_cast<int>(count)));
  });
}

void PacketStream::received(std::string_view bytes) {
  received_bytes_ += bytes.size();
  if (tls_) return decrypt(bytes);
  if (closing_) return;
  decoder_.feed(bytes);
  hand_out_packets();
}

void PacketStream::hand_out_packets() {
  const auto self = self_;  // outlives this object when a callback destroys it, as the events do
  auto events = events_;
  try {
    for (int count = 0; *self != nullptr && !closing_ && !paused_ && socket_ != nullptr; ++count) {
      if (count == kPacketsPerTurn) return rest_for_a_turn();
      events = events_;
      auto packet = decoder_.next();
      account();
      if (!packet) return all_handed_out();
      events->on_packet(std::move(*packet));
    }
  } catch (const protocol::ProtocolError& error) {
    if (*self == nullptr) throw;
    if (!events->on_bad_framing) return fail(error.what());
    events->on_bad_framing(error);
  }
}

void PacketStream::all_handed_out() {
  read_on();
  if (tls_ && tls_->layer->peer_has_finished() && !peer_finished_) peer_finished();
}

void PacketStream::rest_for_a_turn() {
  resting_ = true;
  uv_read_stop(raw());
  turn_.once(std::chrono::milliseconds(0), [this] { hand_out_packets(); });
}

void PacketStream::read_on() {
  if (!std::exchange(resting_, false) || socket_ == nullptr) return;
  turn_.stop();
  uv_read_start(raw(), on_allocate, on_read);  // as it has been started before, it does not fail
}

void PacketStream::account() {
  if (is_apart_) return;
  StreamMemory& memory = loop_.stream_memory();
  memory.set(this, socket_ == nullptr ? 0 : queued_bytes_ + decoder_.pending_bytes());
  PacketStream* const largest = memory.one_too_many();
  if (largest == nullptr) return;
  memory.set(largest, 0);  // it is as good as gone
  largest->is_apart_ = true;
  largest->let_go("it kept the most of more bytes than can be kept for all peers together");
}

// What it keeps goes at once: until its turn has come others might queue as much again. After uv_close nothing is read of
// what was to be written.
void PacketStream::let_go(const std::string& reason) {
  socket_.reset();
  for (Write* write : writes_) write->bytes = {};
  gathered_ = {};
  decoder_ = protocol::PacketDecoder();
  queued_bytes_ = 0;
  fail_next_turn(reason);
}

void PacketStream::peer_finished() {
  if (tls_ && !closing_ && !tls_->layer->peer_has_finished())
    return tls_failed(tls_->layer->is_established() ? "the connection was cut off: TCP has ended, TLS has not"
                                                    : tls_->unanswered);
  peer_finished_ = true;
  uv_read_stop(raw());
  if (closing_) {
    if (queued_bytes_ == 0) fail("closed");
    return;
  }
  const auto events = events_;  // outlives this object when the callback destroys it
  if (!events->on_finished) return fail("the peer closed the connection");
  events->on_finished();
}

void PacketStream::on_written(uv_write_t* request, int status) {
  std::unique_ptr<Write> write(static_cast<Write*>(request->data));
  auto* self = *write->owner;
  if (self == nullptr) return;
  self->writes_.pop_front();  // libuv writes in order
  self->loop_.guard([&] { self->written(write->bytes.size(), status); });
}

void PacketStream::written(std::size_t bytes, int status) {
  queued_bytes_ -= bytes;
  account();
  if (socket_ == nullptr) return;
  if (status < 0) return fail(uv_strerror(status));
  if (queued_bytes_ > 0) return;
  if (closing_) return send_end();
  const auto events = events_;  // outlives this object when the callback destroys it
  if (events->on_drained) events->on_drained();
}

void PacketStream::send_end() {
  if (tls_ && send_tls_end()) return;
  if (peer_finished_) return fail_next_turn("closed");
  auto request = std::make_unique<uv_shutdown_t>();
  const int code = uv_shutdown(request.get(), raw(), [](uv_shutdown_t* done, int) { delete done; });
  if (code < 0) return fail_next_turn(uv_strerror(code));
  request.release();
}

void PacketStream::fail(const std::string& reason) {
  if (std::exchange(ended_, true)) return;
  socket_.reset();
  linger_.stop();
  turn_.stop();
  auto callback = std::move(events_->on_closed);  // the callback may destroy this object
  if (tls_) {
    tls_->deadline.stop();
    if (tls_->on_secured) callback = std::move(tls_->on_secured);
  }
  if (callback) callback(reason);
}

void PacketStream::fail_next_turn(std::string reason) {
  closing_ = true;
  linger_.once(std::chrono::milliseconds(0), [this, reason = std::move(reason)] { fail(reason); });
}

}  // namespace rota::net
