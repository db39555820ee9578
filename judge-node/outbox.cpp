#include "judge-node/outbox.hpp"

#include <utility>

namespace rota::node {
namespace {

constexpr std::chrono::milliseconds kPause{20};  // between looks at a peer that is slower than we

}  // namespace

Outbox::Outbox(net::Loop& loop, net::PacketStream& stream, std::size_t max_bytes,
               std::function<void()> on_empty)
    : stream_(stream), max_bytes_(max_bytes), on_empty_(std::move(on_empty)), turn_(loop) {}

void Outbox::send(std::string wire_bytes) {
  const bool fits = waiting_.empty() && stream_.queued_bytes() <= kRoomBytes;
  if (fits || bytes_ + wire_bytes.size() > max_bytes_) return stream_.send(std::move(wire_bytes));
  bytes_ += wire_bytes.size();
  waiting_.push_back(std::move(wire_bytes));
  if (waiting_.size() == 1) look_again_later();
}

void Outbox::look_again_later() {
  turn_.once(kPause, [this] { send_what_fits(); });
}

void Outbox::send_what_fits() {
  while (!waiting_.empty() && stream_.queued_bytes() <= kRoomBytes) {
    bytes_ -= waiting_.front().size();
    stream_.send(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  if (!waiting_.empty()) return look_again_later();
  on_empty_();
}

}  // namespace rota::node
