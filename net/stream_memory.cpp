#include "net/stream_memory.hpp"

#include <algorithm>

namespace rota::net {

void StreamMemory::set(PacketStream* stream, std::size_t bytes) {
  const auto found = kept_.find(stream);
  const std::size_t before = found == kept_.end() ? 0 : found->second;
  if (bytes == before) return;
  bytes_ += bytes - before;
  if (bytes > 0) {
    kept_[stream] = bytes;
  } else {
    kept_.erase(found);
  }
}

PacketStream* StreamMemory::one_too_many() const {
  if (bytes_ <= max_bytes_) return nullptr;
  return std::max_element(kept_.begin(), kept_.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

}  // namespace rota::net
