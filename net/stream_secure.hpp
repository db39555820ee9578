#pragma once
// What a PacketStream with TLS has beside one without. Only net/stream*.cpp read this.

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "net/stream.hpp"
#include "net/timer.hpp"
#include "net/tls_layer.hpp"

namespace rota::net {

struct PacketStream::Secure {
  Secure(Loop& loop, std::unique_ptr<TlsLayer> tls) : layer(std::move(tls)), deadline(loop) {}

  std::unique_ptr<TlsLayer> layer;
  Timer deadline;       // of the handshake
  std::string waiting;  // what was sent before the handshake had ended; counts as queued
  std::function<void(const std::string& problem)> on_secured;  // while secure() is under way
  std::string unanswered = "the peer did not shake hands for TLS";
  bool end_sent = false;
};

}  // namespace rota::net
