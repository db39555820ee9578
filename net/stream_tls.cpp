// The half of a PacketStream that only connections with TLS use.

#include <utility>

#include "net/stream_secure.hpp"

namespace rota::net {

void PacketStream::secure(std::function<void(const std::string&)> done) {
  tls_->on_secured = std::move(done);
  try {
    check_uv(uv_read_start(raw(), on_allocate, on_read), "read from " + peer_);
    tls_->layer->begin();
    flush_tls();
    wait_for_handshake();
  } catch (const std::runtime_error& error) {
    fail_next_turn(error.what());
  }
}

void PacketStream::wait_for_handshake() {
  tls_->deadline.once(kHandshakeTime, [this] { tls_failed(tls_->unanswered + " in time"); });
}

void PacketStream::decrypt(std::string_view bytes) {
  const bool was_established = tls_->layer->is_established();
  if (closing_ && was_established) return;
  try {
    tls_->layer->receive(bytes, [this](std::string_view plain) {
      if (!closing_) decoder_.feed(plain);
    });
  } catch (const TlsError& error) {
    return tls_failed(error.what());
  }
  flush_tls();
  if (!was_established && tls_->layer->is_established()) {
    const auto self = self_;  // outlives this object when the callback destroys it
    became_secure();
    if (*self == nullptr) return;
  }
  if (tls_->layer->is_established()) hand_out_packets();
}

void PacketStream::became_secure() {
  tls_->deadline.stop();
  const std::string waiting = std::exchange(tls_->waiting, {});
  queued_bytes_ -= waiting.size();
  if (!waiting.empty()) encrypt(waiting);
  if (!tls_->on_secured) return;
  pause();
  std::exchange(tls_->on_secured, nullptr)("");
}

// Before the handshake has ended, plain text waits.
void PacketStream::encrypt(std::string_view plain) {
  if (!tls_->layer->is_established()) {
    tls_->waiting += plain;
    queued_bytes_ += plain.size();
    return account();
  }
  try {
    tls_->layer->send(plain);
    flush_tls();
  } catch (const TlsError& error) {
    fail_next_turn(error.what());
  }
}

void PacketStream::flush_tls() {
  std::string output = tls_->layer->take_output();
  if (!output.empty() && socket_ != nullptr) write(std::move(output));
}

// The alert that says why goes out first.
void PacketStream::tls_failed(const std::string& reason) {
  if (socket_ == nullptr) return;
  if (tls_->layer->peer_speaks_packets()) return tell_in_plain();
  uv_read_stop(raw());
  flush_tls();
  fail_next_turn(reason);
}

// A client that does not know that there is TLS here is told so in the one language that it understands.
void PacketStream::tell_in_plain() {
  flush();  // what was meant for TLS is not to go out in plain
  tls_.reset();
  send(protocol::framed(
      R"json({"rota":1,"type":"error","code":"unauthenticated","message":"TLS is spoken here and nothing else: )json"
      R"json(name the CA (--tls-ca FILE) or the certificate (--tls-pin SHA256)"})json"));
  close_after_sending();
}

// Whether there is something to wait for before TCP's end may go.
bool PacketStream::send_tls_end() {
  if (std::exchange(tls_->end_sent, true)) return false;
  tls_->layer->finish();
  flush_tls();
  return queued_bytes_ > 0;
}

}  // namespace rota::net
