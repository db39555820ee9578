#include "judge-node/outbox.hpp"

#include <utility>

namespace rota::node {

void Outbox::send(std::string wire_bytes) {
  const bool fits = waiting_.empty() && stream_.queued_bytes() <= kRoomBytes;
  if (fits || bytes_ + wire_bytes.size() > max_bytes_) return stream_.send(std::move(wire_bytes));
  bytes_ += wire_bytes.size();
  waiting_.push_back(std::move(wire_bytes));
}

void Outbox::send_what_fits() {
  while (!waiting_.empty() && stream_.queued_bytes() <= kRoomBytes) {
    bytes_ -= waiting_.front().size();
    stream_.send(std::move(waiting_.front()));
    waiting_.pop_front();
  }
}

}  // namespace rota::node
